import { writeFileSync } from 'node:fs'
import { moduleFile, printTrajectoryModule } from './print-trajectory-module.js'

writeFileSync(moduleFile, printTrajectoryModule())
