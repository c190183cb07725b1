//! A scene is played again in the order of an earlier run.

use crate::course::{faults, holds, stderr, stdout};

#[test]
fn choices_decide_about_the_order() {
    let course = faults();
    course.screen("replay-passed", ["replay", "faults/race", "1,1"]).success();
    for (choices, output) in [("0", "one\ntwo\n"), ("1,1", "two\none\n")] {
        for _ in 0..3 {
            let said = stdout(&course.xtask(["replay", "faults/race", choices]).success());
            assert_eq!(said, format!("{output}\npassed  faults/race {choices}\n"));
        }
    }
    let said = stdout(&course.xtask(["replay", "faults/race", "0", "--steps"]).success());
    holds(&said, "   0 of 2  0.1      begins\n");
    holds(&said, "   forced  0.2      prints two\n");
}

#[test]
fn a_fault_is_reported_as_a_check_does() {
    let course = faults();
    course.screen("replay-order", ["replay", "faults/order", "0"]).code(1);
    let said = stdout(&course.xtask(["replay", "faults/panics", "0"]).code(1));
    holds(&said, "EXIT STATUS  101, a panic");
    holds(&said, "boom");
    let said = stdout(&course.xtask(["replay", "faults/hangs", "0"]).code(1));
    holds(&said, "HUNG  stopped at its deadline");
    let said = stdout(&course.xtask(["replay", "faults/waits", "0"]).code(1));
    holds(&said, "HUNG  nothing could happen any more");
    holds(&said, "waits for a lock, a condition or a join");
    let said = stdout(&course.xtask(["replay", "faults/skips", "0"]).success());
    holds(&said, "skipped: no moon");
}

#[test]
fn choices_must_fit() {
    let course = faults();
    for (words, part) in [
        (["replay", "faults/race", "2"], "choice number 1 is 2, but there were only the options 0"),
        (["replay", "faults/good", "0,1"], "the run ended after 0 of 2 choices"),
        (["replay", "faults/race", "1;2"], "choices are numbers with commas between them"),
        (["replay", "faults", "0"], "is more than one scene"),
    ] {
        holds(&stderr(&course.xtask(words).code(2)), part);
    }
}
