//! A scene is played again in the order of an earlier run.

use crate::course::{faults, holds, stderr, stdout};

#[test]
fn choices_decide_about_the_order() {
    let course = faults();
    course.screen("replay-passed", ["replay", "faults/race", "1,1"]).success();
    for (choices, output) in [("0", "one\ntwo\n"), ("1,1", "two\none\n")] {
        for _ in 0..3 {
            let said = stdout(&course.xtask(["replay", "faults/race", choices]).success());
            assert_eq!(printed(&said), output);
            holds(&said, &format!("\npassed  faults/race {choices}\n"));
        }
    }
    let said = stdout(&course.xtask(["replay", "faults/race", "2x1"]).success());
    assert_eq!(printed(&said), "two\none\n");
}

#[test]
fn the_table_shows_how_far_the_list_reaches() {
    let course = faults();
    const END: &str = "the list of choices ends here: from now on, each choice is 0\n";
    let replay = |choices| stdout(&course.xtask(["replay", "faults/race", choices]).success());
    holds(
        &replay("1"),
        &format!("\n1 of 0 and 1  b     begins\n{END}0 of 0 and 1  a     begins\n"),
    );
    assert!(!replay("1,1").contains(END));
    let said = course.xtask(["replay", "faults/race", "1,2"]).code(2);
    assert_eq!(stdout(&said), "faults/race\nchoice        task\n1 of 0 and 1  b     begins\n");
    holds(&stderr(&said), r#"choice 2 is 2, but the moves are 0: a begins, 1: b prints "two""#);
}

/// What the steps print.
fn printed(said: &str) -> String {
    let lines = said.lines().filter_map(|line| line.split_once("prints  "));
    lines.map(|(_, text)| format!("{text}\n")).collect()
}

#[test]
fn a_fault_is_reported_as_a_check_does() {
    let course = faults();
    course.screen("replay-order", ["replay", "faults/order", "0"]).code(1);
    let said = stdout(&course.xtask(["replay", "faults/panics", "0"]).code(1));
    holds(&said, "EXIT STATUS  101, a panic");
    holds(&said, "boom");
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
        (["replay", "faults/race", "2"], "choice 1 is 2, but the moves are 0: a begins, 1: b"),
        (["replay", "faults/good", "0,1"], "the run ended after 0 of 2 choices"),
        (["replay", "faults/race", "1;2"], "choice 1 is \"1;2\", which is not a number of a move"),
        (["replay", "faults/race", "0*2"], "choice 1 is \"0*2\", which is not a number of a move"),
        (["replay", "faults/race", "0x1"], "choice 1 is \"0x1\", which is made 0 times"),
        (["replay", "faults/race", "2x1,2"], "the run ended after 2 of 3 choices"),
        (["replay", "faults", "0"], "is more than one scene"),
    ] {
        holds(&stderr(&course.xtask(words).code(2)), part);
    }
}
