;; The growth of one NUTS trajectory: trajectory.ts, extend-trajectory.ts, u-turn.ts and leapfrog.ts of the folder above, instruction for
;; instruction in the same order of arithmetic, so that both give the same draws bit for bit. Those files say what is computed and why; this one
;; says it again for the machine. `npm run generate:trajectory` writes trajectory-module.ts from it.
;;
;; Vectors hold an even number of float64, the last of them 0 where the dimension is odd. $w is the address of the header, whose fields
;; trajectory-layout.ts lists; a point is position, momentum, gradient, force and the log density, a candidate is position, gradient, log
;; density and energy, and a level is the addresses of first, last and sum.

;; Copies $bytes, a multiple of 16.
(func $copy (param $to i32) (param $from i32) (param $bytes i32) (local $end i32)
  (local.set $end (i32.add (local.get $from) (local.get $bytes)))
  (loop $next
    (v128.store (local.get $to) (v128.load (local.get $from)))
    (local.set $to (i32.add (local.get $to) (i32.const 16)))
    (local.set $from (i32.add (local.get $from) (i32.const 16)))
    (br_if $next (i32.lt_u (local.get $from) (local.get $end)))))

;; Copies $bytes, a multiple of 8.
(func $copyExact (param $to i32) (param $from i32) (param $bytes i32) (local $paired i32)
  (local.set $paired (i32.and (local.get $bytes) (i32.const -16)))
  (if (local.get $paired) (then (call $copy (local.get $to) (local.get $from) (local.get $paired))))
  (if (i32.and (local.get $bytes) (i32.const 8))
    (then
      (f64.store
        (i32.add (local.get $to) (local.get $paired))
        (f64.load (i32.add (local.get $from) (local.get $paired)))))))

;; Log density at a point, and its gradient there.
(func $evaluate (param $w i32) (param $position i32) (param $gradient i32) (result f64) (local $range i32) (local $end i32)
  (call $copyExact (i32.const 0) (local.get $position) (i32.load offset=4 (local.get $w)))
  (call $run)
  (local.set $range (i32.load offset=20 (local.get $w)))
  (local.set $end (i32.load offset=24 (local.get $w)))
  (block $done
    (loop $next
      (br_if $done (i32.ge_u (local.get $range) (local.get $end)))
      (call $copyExact
        (i32.add (local.get $gradient) (i32.load (local.get $range)))
        (i32.load offset=4 (local.get $range))
        (i32.load offset=8 (local.get $range)))
      (local.set $range (i32.add (local.get $range) (i32.const 12)))
      (br $next)))
  (f64.load (i32.load offset=16 (local.get $w))))

;; position += $step L momentum, four rows of L at a time. L is stored by columns, padded with zeros to whole groups of rows.
(func $push (param $w i32) (param $step f64) (param $momentum i32) (param $position i32)
  (local $bytes i32) (local $row i32) (local $column i32) (local $entry i32) (local $stop i32) (local $stride i32)
  (local $p v128) (local $sum v128) (local $sum2 v128)
  (local.set $bytes (i32.load (local.get $w)))
  (local.set $stride (i32.load offset=28 (local.get $w)))
  (loop $rows
    (local.set $entry (i32.add (i32.load offset=52 (local.get $w)) (local.get $row)))
    (local.set $column (local.get $momentum))
    (local.set $stop (i32.add (local.get $row) (i32.const 32)))
    (if (i32.gt_u (local.get $stop) (local.get $bytes)) (then (local.set $stop (local.get $bytes))))
    (local.set $stop (i32.add (local.get $momentum) (local.get $stop)))
    (local.set $sum (v128.const f64x2 0))
    (local.set $sum2 (v128.const f64x2 0))
    (loop $columns
      (local.set $p (v128.load64_splat (local.get $column)))
      (local.set $sum (f64x2.add (local.get $sum) (f64x2.mul (v128.load (local.get $entry)) (local.get $p))))
      (local.set $sum2 (f64x2.add (local.get $sum2) (f64x2.mul (v128.load offset=16 (local.get $entry)) (local.get $p))))
      (local.set $entry (i32.add (local.get $entry) (local.get $stride)))
      (local.set $column (i32.add (local.get $column) (i32.const 8)))
      (br_if $columns (i32.lt_u (local.get $column) (local.get $stop))))
    (local.set $p (f64x2.splat (local.get $step)))
    (local.set $column (i32.add (local.get $position) (local.get $row)))
    (v128.store (local.get $column) (f64x2.add (v128.load (local.get $column)) (f64x2.mul (local.get $p) (local.get $sum))))
    (local.set $row (i32.add (local.get $row) (i32.const 16)))
    (if (i32.lt_u (local.get $row) (local.get $bytes))
      (then
        (v128.store offset=16 (local.get $column)
          (f64x2.add (v128.load offset=16 (local.get $column)) (f64x2.mul (local.get $p) (local.get $sum2))))))
    (local.set $row (i32.add (local.get $row) (i32.const 16)))
    (br_if $rows (i32.lt_u (local.get $row) (local.get $bytes)))))

;; out = L' gradient, four columns of L at a time. L is stored by rows, padded with zeros to whole groups of columns.
(func $pull (param $w i32) (param $gradient i32) (param $out i32)
  (local $bytes i32) (local $column i32) (local $slope i32) (local $entry i32) (local $stop i32) (local $stride i32)
  (local $g v128) (local $sum v128) (local $sum2 v128)
  (local.set $bytes (i32.load (local.get $w)))
  (local.set $stride (i32.load offset=28 (local.get $w)))
  (local.set $stop (i32.add (local.get $gradient) (local.get $bytes)))
  (local.set $entry (i32.load offset=48 (local.get $w)))
  (loop $columns
    (local.set $slope (i32.add (local.get $gradient) (local.get $column)))
    (local.set $sum (v128.const f64x2 0))
    (local.set $sum2 (v128.const f64x2 0))
    (loop $rows
      (local.set $g (v128.load64_splat (local.get $slope)))
      (local.set $sum (f64x2.add (local.get $sum) (f64x2.mul (v128.load (local.get $entry)) (local.get $g))))
      (local.set $sum2 (f64x2.add (local.get $sum2) (f64x2.mul (v128.load offset=16 (local.get $entry)) (local.get $g))))
      (local.set $entry (i32.add (local.get $entry) (local.get $stride)))
      (local.set $slope (i32.add (local.get $slope) (i32.const 8)))
      (br_if $rows (i32.lt_u (local.get $slope) (local.get $stop))))
    (v128.store (i32.add (local.get $out) (local.get $column)) (local.get $sum))
    (local.set $column (i32.add (local.get $column) (i32.const 16)))
    (if (i32.lt_u (local.get $column) (local.get $bytes))
      (then (v128.store (i32.add (local.get $out) (local.get $column)) (local.get $sum2))))
    (local.set $column (i32.add (local.get $column) (i32.const 16)))
    ;; The next group begins on its diagonal: as many rows down as columns to the right.
    (local.set $entry
      (i32.add
        (i32.add (i32.load offset=48 (local.get $w)) (local.get $column))
        (i32.mul (i32.shr_u (local.get $column) (i32.const 3)) (local.get $stride))))
    (br_if $columns (i32.lt_u (local.get $column) (local.get $bytes)))))

;; Sum of both lanes.
(func $total (param $x v128) (result f64)
  (f64.add (f64x2.extract_lane 0 (local.get $x)) (f64x2.extract_lane 1 (local.get $x))))

;; One step from a point, in place; returns the energy.
(func $leapfrog (param $w i32) (param $point i32) (param $step f64) (result f64)
  (local $bytes i32) (local $momentum i32) (local $gradient i32) (local $force i32) (local $at i32) (local $scales i32)
  (local $half v128) (local $whole v128) (local $p v128) (local $kinetic v128) (local $value f64)
  (local.set $bytes (i32.load (local.get $w)))
  (local.set $momentum (i32.add (local.get $point) (local.get $bytes)))
  (local.set $gradient (i32.add (local.get $momentum) (local.get $bytes)))
  (local.set $force (i32.add (local.get $gradient) (local.get $bytes)))
  (local.set $scales (i32.load offset=48 (local.get $w)))
  (local.set $half (f64x2.splat (f64.mul (f64.const 0.5) (local.get $step))))
  (local.set $whole (f64x2.splat (local.get $step)))
  (if (i32.load offset=8 (local.get $w))
    (then
      (loop $kick
        (v128.store (i32.add (local.get $momentum) (local.get $at))
          (f64x2.add
            (v128.load (i32.add (local.get $momentum) (local.get $at)))
            (f64x2.mul (local.get $half) (v128.load (i32.add (local.get $force) (local.get $at))))))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br_if $kick (i32.lt_u (local.get $at) (local.get $bytes))))
      (call $push (local.get $w) (local.get $step) (local.get $momentum) (local.get $point)))
    (else
      (loop $move
        (local.set $p (v128.load (i32.add (local.get $scales) (local.get $at))))
        (v128.store (i32.add (local.get $momentum) (local.get $at))
          (f64x2.add
            (v128.load (i32.add (local.get $momentum) (local.get $at)))
            (f64x2.mul (f64x2.mul (local.get $half) (local.get $p)) (v128.load (i32.add (local.get $gradient) (local.get $at))))))
        (v128.store (i32.add (local.get $point) (local.get $at))
          (f64x2.add
            (v128.load (i32.add (local.get $point) (local.get $at)))
            (f64x2.mul (f64x2.mul (local.get $whole) (local.get $p)) (v128.load (i32.add (local.get $momentum) (local.get $at))))))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br_if $move (i32.lt_u (local.get $at) (local.get $bytes))))))
  (local.set $value (call $evaluate (local.get $w) (local.get $point) (local.get $gradient)))
  (f64.store (i32.add (local.get $force) (local.get $bytes)) (local.get $value))
  (local.set $kinetic (v128.const f64x2 0))
  (local.set $at (i32.const 0))
  (if (i32.load offset=8 (local.get $w))
    (then
      (call $pull (local.get $w) (local.get $gradient) (local.get $force))
      (loop $kick
        (local.set $p
          (f64x2.add
            (v128.load (i32.add (local.get $momentum) (local.get $at)))
            (f64x2.mul (local.get $half) (v128.load (i32.add (local.get $force) (local.get $at))))))
        (v128.store (i32.add (local.get $momentum) (local.get $at)) (local.get $p))
        (local.set $kinetic (f64x2.add (local.get $kinetic) (f64x2.mul (local.get $p) (local.get $p))))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br_if $kick (i32.lt_u (local.get $at) (local.get $bytes)))))
    (else
      (loop $kick
        (local.set $p
          (f64x2.add
            (v128.load (i32.add (local.get $momentum) (local.get $at)))
            (f64x2.mul
              (f64x2.mul (local.get $half) (v128.load (i32.add (local.get $scales) (local.get $at))))
              (v128.load (i32.add (local.get $gradient) (local.get $at))))))
        (v128.store (i32.add (local.get $momentum) (local.get $at)) (local.get $p))
        (local.set $kinetic (f64x2.add (local.get $kinetic) (f64x2.mul (local.get $p) (local.get $p))))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br_if $kick (i32.lt_u (local.get $at) (local.get $bytes))))))
  (f64.sub (f64.mul (f64.const 0.5) (call $total (local.get $kinetic))) (local.get $value)))

;; Joins two points; whether the stretch goes on.
(func $joinPoints (param $first i32) (param $second i32) (param $sum i32) (param $bytes i32) (result i32)
  (local $at i32) (local $a v128) (local $b v128) (local $both v128) (local $atFirst v128) (local $atSecond v128)
  (loop $next
    (local.set $a (v128.load (i32.add (local.get $first) (local.get $at))))
    (local.set $b (v128.load (i32.add (local.get $second) (local.get $at))))
    (local.set $both (f64x2.add (local.get $a) (local.get $b)))
    (v128.store (i32.add (local.get $sum) (local.get $at)) (local.get $both))
    (local.set $atFirst (f64x2.add (local.get $atFirst) (f64x2.mul (local.get $both) (local.get $a))))
    (local.set $atSecond (f64x2.add (local.get $atSecond) (f64x2.mul (local.get $both) (local.get $b))))
    (local.set $at (i32.add (local.get $at) (i32.const 16)))
    (br_if $next (i32.lt_u (local.get $at) (local.get $bytes))))
  (i32.and
    (f64.gt (call $total (local.get $atFirst)) (f64.const 0))
    (f64.gt (call $total (local.get $atSecond)) (f64.const 0))))

;; Joins two stretches, $a to $b with sum $left, and $c to $d with sum $right, which is added to $left; whether the whole goes on.
(func $joinStretches
  (param $a i32) (param $b i32) (param $left i32) (param $c i32) (param $d i32) (param $right i32) (param $bytes i32) (result i32)
  (local $at i32) (local $pa v128) (local $pb v128) (local $pc v128) (local $pd v128) (local $l v128) (local $r v128)
  (local $whole v128) (local $wholeA v128) (local $wholeD v128) (local $leftA v128) (local $leftC v128) (local $rightB v128)
  (local $rightD v128)
  (loop $next
    (local.set $pa (v128.load (i32.add (local.get $a) (local.get $at))))
    (local.set $pb (v128.load (i32.add (local.get $b) (local.get $at))))
    (local.set $pc (v128.load (i32.add (local.get $c) (local.get $at))))
    (local.set $pd (v128.load (i32.add (local.get $d) (local.get $at))))
    (local.set $l (v128.load (i32.add (local.get $left) (local.get $at))))
    (local.set $r (v128.load (i32.add (local.get $right) (local.get $at))))
    (local.set $whole (f64x2.add (local.get $l) (local.get $r)))
    (v128.store (i32.add (local.get $left) (local.get $at)) (local.get $whole))
    (local.set $wholeA (f64x2.add (local.get $wholeA) (f64x2.mul (local.get $whole) (local.get $pa))))
    (local.set $wholeD (f64x2.add (local.get $wholeD) (f64x2.mul (local.get $whole) (local.get $pd))))
    (local.set $l (f64x2.add (local.get $l) (local.get $pc)))
    (local.set $leftA (f64x2.add (local.get $leftA) (f64x2.mul (local.get $l) (local.get $pa))))
    (local.set $leftC (f64x2.add (local.get $leftC) (f64x2.mul (local.get $l) (local.get $pc))))
    (local.set $r (f64x2.add (local.get $r) (local.get $pb)))
    (local.set $rightB (f64x2.add (local.get $rightB) (f64x2.mul (local.get $r) (local.get $pb))))
    (local.set $rightD (f64x2.add (local.get $rightD) (f64x2.mul (local.get $r) (local.get $pd))))
    (local.set $at (i32.add (local.get $at) (i32.const 16)))
    (br_if $next (i32.lt_u (local.get $at) (local.get $bytes))))
  (i32.and
    (i32.and
      (i32.and (f64.gt (call $total (local.get $wholeA)) (f64.const 0)) (f64.gt (call $total (local.get $wholeD)) (f64.const 0)))
      (i32.and (f64.gt (call $total (local.get $leftA)) (f64.const 0)) (f64.gt (call $total (local.get $leftC)) (f64.const 0))))
    (i32.and (f64.gt (call $total (local.get $rightB)) (f64.const 0)) (f64.gt (call $total (local.get $rightD)) (f64.const 0)))))

;; Adds the weight of a new point, and makes it the proposal with probability weight / weight of the new half so far.
(func $weigh (param $w i32) (param $point i32) (param $energy f64) (param $gain f64) (local $weight f64) (local $factor f64)
  (local $bytes i32) (local $proposal i32)
  (local.set $weight (call $exp (f64.sub (local.get $gain) (f64.load offset=88 (local.get $w)))))
  (local.set $factor (f64.const 1))
  (if (f64.lt (local.get $gain) (f64.const 0)) (then (local.set $factor (call $exp (local.get $gain)))))
  (f64.store offset=112 (local.get $w) (f64.add (f64.load offset=112 (local.get $w)) (local.get $factor)))
  (if (f64.gt (local.get $weight) (f64.const 1e150))
    (then
      (local.set $factor (call $exp (f64.sub (f64.load offset=88 (local.get $w)) (local.get $gain))))
      (f64.store offset=96 (local.get $w) (f64.mul (f64.load offset=96 (local.get $w)) (local.get $factor)))
      (f64.store offset=104 (local.get $w) (f64.mul (f64.load offset=104 (local.get $w)) (local.get $factor)))
      (f64.store offset=88 (local.get $w) (local.get $gain))
      (local.set $weight (f64.const 1))))
  (f64.store offset=104 (local.get $w) (f64.add (f64.load offset=104 (local.get $w)) (local.get $weight)))
  (if (f64.lt (f64.mul (call $uniform) (f64.load offset=104 (local.get $w))) (local.get $weight))
    (then
      (local.set $bytes (i32.load (local.get $w)))
      (local.set $proposal (i32.load offset=40 (local.get $w)))
      (call $copy (local.get $proposal) (local.get $point) (local.get $bytes))
      (local.set $proposal (i32.add (local.get $proposal) (local.get $bytes)))
      (local.set $point (i32.add (local.get $point) (i32.shl (local.get $bytes) (i32.const 1))))
      (call $copy (local.get $proposal) (local.get $point) (local.get $bytes))
      (local.set $proposal (i32.add (local.get $proposal) (local.get $bytes)))
      (f64.store (local.get $proposal) (f64.load (i32.add (local.get $point) (i32.shl (local.get $bytes) (i32.const 1)))))
      (f64.store offset=8 (local.get $proposal) (local.get $energy)))))

;; Joins all stretches that the point with this index completes; whether they go on.
(func $joinCompleted (param $w i32) (param $momentum i32) (param $index i32) (param $depth i32) (result i32)
  (local $bytes i32) (local $level i32) (local $right i32) (local $rest i32) (local $last i32)
  (if (i32.eqz (local.get $depth)) (then (return (i32.const 1))))
  (local.set $bytes (i32.load (local.get $w)))
  (local.set $right (i32.load offset=56 (local.get $w)))
  (if (i32.eqz (i32.and (local.get $index) (i32.const 1)))
    (then
      (call $copy (i32.load (local.get $right)) (local.get $momentum) (local.get $bytes))
      (return (i32.const 1))))
  (if (i32.eqz
      (call $joinPoints (i32.load (local.get $right)) (local.get $momentum) (i32.load offset=8 (local.get $right)) (local.get $bytes)))
    (then (return (i32.const 0))))
  (local.set $level (i32.const 1))
  (local.set $rest (i32.shr_u (local.get $index) (i32.const 1)))
  (block $done
    (loop $next
      (br_if $done (i32.eqz (i32.and (local.get $rest) (i32.const 1))))
      ;; The level after $right waits with the left stretch.
      (if (i32.eqz
          (call $joinStretches
            (i32.load offset=12 (local.get $right))
            (i32.load offset=16 (local.get $right))
            (i32.load offset=20 (local.get $right))
            (i32.load (local.get $right))
            (local.get $momentum)
            (i32.load offset=8 (local.get $right))
            (local.get $bytes)))
        (then (return (i32.const 0))))
      (local.set $right (i32.add (local.get $right) (i32.const 12)))
      (local.set $level (i32.add (local.get $level) (i32.const 1)))
      (local.set $rest (i32.shr_u (local.get $rest) (i32.const 1)))
      (br $next)))
  (if (i32.lt_u (local.get $level) (local.get $depth))
    (then
      ;; Park: the next level takes first and sum, and gives its own in exchange.
      (local.set $last (i32.load (local.get $right)))
      (i32.store (local.get $right) (i32.load offset=12 (local.get $right)))
      (i32.store offset=12 (local.get $right) (local.get $last))
      (local.set $last (i32.load offset=8 (local.get $right)))
      (i32.store offset=8 (local.get $right) (i32.load offset=20 (local.get $right)))
      (i32.store offset=20 (local.get $right) (local.get $last))
      (call $copy (i32.load offset=16 (local.get $right)) (local.get $momentum) (local.get $bytes))))
  (i32.const 1))

;; Moves one end by as many steps as the trajectory has points; 0 when the new half diverges or turns within itself.
(func $extend (param $w i32) (param $point i32) (param $step f64) (param $depth i32) (result i32)
  (local $index i32) (local $count i32) (local $energy f64) (local $gain f64) (local $momentum i32)
  (local.set $count (i32.shl (i32.const 1) (local.get $depth)))
  (local.set $momentum (i32.add (local.get $point) (i32.load (local.get $w))))
  (f64.store offset=104 (local.get $w) (f64.const 0))
  (loop $next
    (local.set $energy (call $leapfrog (local.get $w) (local.get $point) (local.get $step)))
    (i32.store offset=64 (local.get $w) (i32.add (i32.load offset=64 (local.get $w)) (i32.const 1)))
    (local.set $gain (f64.sub (f64.load offset=80 (local.get $w)) (local.get $energy)))
    (if (i32.eqz (i32.and (f64.ge (local.get $gain) (f64.const -1000)) (f64.lt (local.get $gain) (f64.const inf))))
      (then
        (i32.store offset=60 (local.get $w) (local.get $point))
        (return (i32.const 0))))
    (call $weigh (local.get $w) (local.get $point) (local.get $energy) (local.get $gain))
    (if (i32.eqz (call $joinCompleted (local.get $w) (local.get $momentum) (local.get $index) (local.get $depth)))
      (then (return (i32.const 0))))
    (local.set $index (i32.add (local.get $index) (i32.const 1)))
    (br_if $next (i32.lt_u (local.get $index) (local.get $count))))
  (i32.const 1))

;; Energy of the forward point, whose position, gradient, log density and momentum are set; its force is computed.
(func $start (param $w i32) (local $bytes i32) (local $point i32) (local $momentum i32) (local $at i32) (local $p v128)
  (local $kinetic v128)
  (local.set $bytes (i32.load (local.get $w)))
  (local.set $point (i32.load offset=32 (local.get $w)))
  (local.set $momentum (i32.add (local.get $point) (local.get $bytes)))
  (if (i32.load offset=8 (local.get $w))
    (then
      (call $pull
        (local.get $w)
        (i32.add (local.get $momentum) (local.get $bytes))
        (i32.add (local.get $momentum) (i32.shl (local.get $bytes) (i32.const 1))))))
  (loop $next
    (local.set $p (v128.load (i32.add (local.get $momentum) (local.get $at))))
    (local.set $kinetic (f64x2.add (local.get $kinetic) (f64x2.mul (local.get $p) (local.get $p))))
    (local.set $at (i32.add (local.get $at) (i32.const 16)))
    (br_if $next (i32.lt_u (local.get $at) (local.get $bytes))))
  (f64.store offset=80 (local.get $w)
    (f64.sub
      (f64.mul (f64.const 0.5) (call $total (local.get $kinetic)))
      (f64.load (i32.add (local.get $point) (i32.shl (local.get $bytes) (i32.const 2))))))
  ;; Both ends of a trajectory of one point, and the sum of its momenta.
  (call $copy (i32.load offset=36 (local.get $w)) (local.get $point) (i32.shl (local.get $bytes) (i32.const 2)))
  (call $copy (i32.load offset=68 (local.get $w)) (local.get $momentum) (local.get $bytes))
  (f64.store offset=88 (local.get $w) (f64.const 0))
  (f64.store offset=96 (local.get $w) (f64.const 1))
  (f64.store offset=112 (local.get $w) (f64.const 0))
  (i32.store offset=64 (local.get $w) (i32.const 0))
  (i32.store offset=60 (local.get $w) (i32.const 0))
  (i32.store offset=76 (local.get $w) (i32.const 0)))

;; Grows a trajectory from the forward point; the depth that it reached.
(func $grow (param $w i32) (param $stepSize f64) (param $maximumDepth i32) (result i32)
  (local $depth i32) (local $moving i32) (local $resting i32) (local $bytes i32) (local $step f64) (local $first i32)
  (local $sum i32) (local $goesOn i32)
  (call $start (local.get $w))
  (local.set $bytes (i32.load (local.get $w)))
  (block $done
    (loop $double
      (br_if $done (i32.ge_u (local.get $depth) (local.get $maximumDepth)))
      (if (f64.lt (call $uniform) (f64.const 0.5))
        (then
          (local.set $moving (i32.load offset=32 (local.get $w)))
          (local.set $resting (i32.load offset=36 (local.get $w)))
          (local.set $step (local.get $stepSize)))
        (else
          (local.set $moving (i32.load offset=36 (local.get $w)))
          (local.set $resting (i32.load offset=32 (local.get $w)))
          (local.set $step (f64.neg (local.get $stepSize)))))
      (call $copy (i32.load offset=72 (local.get $w)) (i32.add (local.get $moving) (local.get $bytes)) (local.get $bytes))
      (br_if $done (i32.eqz (call $extend (local.get $w) (local.get $moving) (local.get $step) (local.get $depth))))
      (if (f64.lt (f64.mul (call $uniform) (f64.load offset=96 (local.get $w))) (f64.load offset=104 (local.get $w)))
        (then
          ;; The proposal becomes the sample.
          (local.set $first (i32.load offset=44 (local.get $w)))
          (i32.store offset=44 (local.get $w) (i32.load offset=40 (local.get $w)))
          (i32.store offset=40 (local.get $w) (local.get $first))
          (i32.store offset=76 (local.get $w) (i32.const 1))))
      (f64.store offset=96 (local.get $w) (f64.add (f64.load offset=96 (local.get $w)) (f64.load offset=104 (local.get $w))))
      (local.set $first (i32.add (local.get $moving) (local.get $bytes)))
      (local.set $sum (local.get $first))
      (if (local.get $depth)
        (then
          (local.set $sum
            (i32.add (i32.load offset=56 (local.get $w)) (i32.mul (i32.sub (local.get $depth) (i32.const 1)) (i32.const 12))))
          (local.set $first (i32.load (local.get $sum)))
          (local.set $sum (i32.load offset=8 (local.get $sum)))))
      (local.set $depth (i32.add (local.get $depth) (i32.const 1)))
      (local.set $goesOn
        (call $joinStretches
          (i32.add (local.get $resting) (local.get $bytes))
          (i32.load offset=72 (local.get $w))
          (i32.load offset=68 (local.get $w))
          (local.get $first)
          (i32.add (local.get $moving) (local.get $bytes))
          (local.get $sum)
          (local.get $bytes)))
      (br_if $double (local.get $goesOn))))
  (local.get $depth))
