import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const usual = ['chromium', 'chromium-browser', 'chromium-headless-shell', 'google-chrome'].map((name) => `/usr/bin/${name}`)

/** Starts the browser of this machine, without a window. POOLITE_CHROMIUM names another one. */
export function openChromium(): Promise<Browser> {
  const executablePath = [process.env.POOLITE_CHROMIUM ?? '', ...usual].find(existsSync)
  if (executablePath === undefined)
    throw new Error('No Chromium. On Debian: apt-get install chromium; or name its program in POOLITE_CHROMIUM.')
  return chromium.launch({ executablePath, args: ['--no-sandbox'] })
}
