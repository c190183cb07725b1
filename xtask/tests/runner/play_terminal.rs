//! A reader plays a scene on a terminal.

use console::measure_text_width;

use crate::course::{Course, Terminal, eventually, faults, holds, left, runs, stdout};

/// A terminal passes on single keys, and is given back as it was.
#[test]
fn a_terminal_is_given_back() {
    let course = faults();
    let words = ["play", "faults/race", "--goal", "two -> one"];
    let mut terminal = course.open_terminal(80, &[], words);
    terminal.wait_for("Which task goes on?");
    assert!(!terminal.is_usual());
    terminal.type_keys("2");
    terminal.wait_for("begins");
    terminal.type_keys("q");
    let (shown, code) = terminal.end();
    assert!(terminal.is_usual());
    assert!(terminal_is_left(&shown), "{shown}");
    holds(&shown, "The goal was not reached.");
    assert_eq!(code, Some(1));

    // At the end of a run, the command that plays it again is left on the terminal too.
    let mut terminal = course.open_terminal(80, &[], words);
    terminal.wait_for("Which task goes on?");
    terminal.type_keys("2");
    terminal.wait_for("b begins");
    terminal.type_keys("2");
    // It stops at the moment of success, before the moves that leave no choice.
    terminal.wait_for("The goal is reached.");
    let moment = terminal.screen().join("\n");
    holds(&moment, "Reached with line 1.");
    assert!(!moment.contains("forced"), "{moment}");
    terminal.type_keys(" ");
    terminal.wait_for("The run has ended.");
    terminal.type_keys("q");
    let (shown, code) = terminal.end();
    holds(left_behind(&shown), "Again: `cargo xtask replay faults/race 1,1`");
    holds(left_behind(&shown), "  chosen  b begins");
    holds(left_behind(&shown), "The goal was reached.");
    assert_eq!(code, Some(0));
}

#[test]
fn ctrl_c_keeps_the_choices() {
    // While the reader thinks.
    let words = ["play", "faults/race"];
    let mut terminal = faults().open_terminal(80, &[], words);
    terminal.wait_for("Which task goes on?");
    terminal.type_keys("2");
    terminal.wait_for("b begins");
    let shown = interrupted(terminal);
    holds(left_behind(&shown), "\nAgain: `cargo xtask replay faults/race 1`\n");
    // While a move goes on for ever.
    let course = course("spinning");
    let spins = course.path("spins");
    let environment = [("SPINS", spins.to_str().unwrap())];
    let mut terminal = course.open_terminal(80, &environment, ["play", "spinning/spins"]);
    terminal.wait_for("Which task goes on?");
    terminal.type_keys("3");
    terminal.wait_for("b begins");
    terminal.type_keys("3");
    eventually("no move goes on for ever", || spins.exists());
    let shown = interrupted(terminal);
    holds(left_behind(&shown), "\nAgain: `cargo xtask replay spinning/spins 1,1`\n");
    // Before the first choice, there is nothing to keep.
    let mut terminal = faults().open_terminal(80, &[], words);
    terminal.wait_for("Which task goes on?");
    assert!(!interrupted(terminal).contains("Again"));
    let terminal = faults().open_terminal(80, &[], ["play", "faults/hangs"]);
    eventually("the scene does not run", || runs("hangs"));
    assert!(!interrupted(terminal).contains("Again"));
}

/// What a terminal has shown after Ctrl-C. No process is left, and the terminal is as it was.
#[track_caller]
fn interrupted(mut terminal: Terminal) -> String {
    terminal.type_keys("\x03");
    let (shown, code) = terminal.end();
    assert!(terminal.is_usual());
    assert!(!shown.contains("\x1b[?1049h") || terminal_is_left(&shown), "{shown}");
    assert_eq!(code, Some(130), "{shown}");
    assert_eq!(left(), []);
    holds(&shown, "interrupted");
    shown
}

#[test]
fn what_is_typed_before_the_question_does_not_count() {
    let mut terminal = faults().open_terminal(80, &[], ["play", "faults/race"]);
    // While cargo builds.
    terminal.type_keys("2");
    terminal.wait_for("1 key came before the question, and was not used.");
    // The second of two keys is older than the question after the first one.
    terminal.type_keys("12");
    terminal.wait_for("1 key came before the question, and was not used.");
    terminal.type_keys("q");
    let (shown, _) = terminal.end();
    holds(left_behind(&shown), "Again: `cargo xtask replay faults/race 0`\n");
}

#[test]
fn a_small_terminal_shows_the_choice() {
    let course = course("seated");
    for (rows, columns) in [(12, 44), (12, 80), (24, 44), (60, 100)] {
        let mut terminal = course.open_terminal_of((rows, columns), &[], ["play", "seated/many"]);
        let all = pages(&mut terminal, (rows, columns));
        holds(&all, "type a number in brackets, and its task goes on");
        terminal.type_keys("?");
        let all = pages(&mut terminal, (rows, columns));
        for part in
            ["A number in brackets lets its task go on", "so does Ctrl-C", "you hold is late"]
        {
            holds(&all, part);
        }
        // 1 may become 10 to 13: it is shown, and Backspace takes it back.
        terminal.type_keys("1");
        terminal.wait_for(" 1_");
        terminal.type_keys("\x7f");
        terminal.wait_for("[2] to [13]");
        terminal.type_keys("12");
        terminal.wait_for("process11 begins");
        // The columns of twelve lanes would be too narrow for their lines.
        if (rows, columns) == (60, 100) {
            terminal.type_keys("12");
            terminal.wait_for("  1 process11 │ ");
        }
        terminal.type_keys("q");
        terminal.end();
    }
}

/// All pages of a screen, as one text. Each fits, and the last one has every key beside its task.
fn pages(terminal: &mut Terminal, (rows, columns): (u16, u16)) -> String {
    let mut all = String::new();
    loop {
        terminal.wait_for("\x1b[J");
        let screen = terminal.screen();
        assert!(screen.len() <= rows.into(), "{screen:#?}");
        let is_narrow = |row: &String| measure_text_width(row) <= columns.into();
        assert!(screen.iter().all(is_narrow), "{screen:#?}");
        let text: Vec<&str> = screen.iter().flat_map(|row| row.split_whitespace()).collect();
        let text = text.into_iter().filter(|word| *word != "│").collect::<Vec<_>>().join(" ");
        // A paragraph may go on in the next page.
        all += &format!("{} ", text.trim_end_matches("Any key shows more.").trim_end());
        if text.contains("Any key shows") {
            terminal.type_keys(" ");
            continue;
        }
        for (key, name) in (2..=13).zip(1..=12) {
            holds(&text, &format!("[{key}] process{name}"));
        }
        holds(&text, "Which task goes on? [2] to [13] (e end, h hint, g goal, q quit, ? help)");
        return all;
    }
}

#[test]
fn a_window_may_change_its_size() {
    let mut terminal = faults().open_terminal(80, &[], ["play", "faults/race"]);
    terminal.wait_for("Which task goes on?");
    terminal.type_keys("?");
    terminal.wait_for("you hold is late");
    // All of the screen is there before the next one.
    terminal.screen();
    terminal.resize(12, 44);
    terminal.wait_for("\x1b[J");
    let screen = terminal.screen();
    assert!(screen.len() <= 12, "{screen:#?}");
    assert!(screen.iter().all(|row| measure_text_width(row) <= 44), "{screen:#?}");
    // The help is still there.
    holds(&screen.join("\n"), "A number in brackets");
    terminal.type_keys("q");
    terminal.end();
}

#[test]
fn a_terminal_may_have_no_colours() {
    let words = ["play", "faults/race"];
    let mut terminal = faults().open_terminal(80, &[("NO_COLOR", "1")], words);
    terminal.wait_for("Which task goes on?");
    let first = terminal.screen();
    assert_eq!(first[0], "faults/race");
    terminal.type_keys("2");
    terminal.wait_for("b begins");
    assert_eq!(terminal.screen().iter().filter(|row| *row == "faults/race").count(), 1);
    // A new run may take a while.
    terminal.type_keys("u");
    terminal.wait_for("A new run begins …");
    terminal.wait_for("its pids are new");
    terminal.type_keys("q");
    let (shown, _) = terminal.end();
    assert!(!shown.contains("\x1b[1m"), "{shown}");

    // One that can only print lines passes on whole lines.
    let mut terminal = faults().open_terminal(80, &[("TERM", "dumb")], words);
    terminal.wait_for("Which task goes on?");
    terminal.type_keys("2\n");
    terminal.wait_for("b begins");
    terminal.type_keys("q\n");
    let (shown, code) = terminal.end();
    assert_eq!(code, Some(0));
    let (_, shown) = shown.split_once("nothing is printed yet").unwrap();
    holds(shown, "Press Enter after each key.");
    assert!(!shown.contains('\x1b'), "{shown}");
}

/// Its number is no key, and no number of the scene.
#[test]
fn a_task_without_a_lane_is_named_by_its_birth() {
    let course = course("unnamed");
    for (scene, parts) in [
        (
            "spins",
            &[
                "       first process  waits for process #0.1 to end\n",
                "       process #0.1   waits for",
                "  [2]  a ",
            ][..],
        ),
        (
            "waits",
            &["  [0]  main thread  about to go on after it has started a thread\n", "  [1]  a "],
        ),
    ] {
        let play = ["play", &format!("unnamed/{scene}"), "--script", "q"];
        let said = stdout(&course.xtask(play).success());
        parts.iter().for_each(|part| holds(&said, part));
    }
}

/// What is on the terminal when it has been given back.
fn left_behind(shown: &str) -> &str {
    shown.rsplit_once("\x1b[?1049l").unwrap().1
}

fn terminal_is_left(shown: &str) -> bool {
    shown.matches("\x1b[?1049h").count() == 1 && shown.matches("\x1b[?1049l").count() == 1
}

/// Twelve children; and two, of which the second one never ends if it is the first to print.
const PROGRAM: &str = r#"
fn main() { lesson::run(&[("many", many), ("spins", spins), ("waits", waits)]) }
fn many() {
    sh("for i in 1 2 3 4 5 6 7 8 9 10 11 12; do (echo process $i: comes in and looks for a place at the long table) & done; wait")
}
fn spins() {
    sh("(echo one; : > $TMPDIR/over) & (echo two; test -e $TMPDIR/over && exit; : > $SPINS; while :; do :; done) & wait")
}
fn waits() { std::thread::scope(|scope| { scope.spawn(|| println!("one")); }); }
"#;

/// No two tests may give their course the same name.
fn course(name: &str) -> Course {
    let course = Course::scenes(name, "", PROGRAM);
    let many: String = (1..=12)
        .map(|i| {
            format!("process{i} | process {i}: comes in and looks for a place at the long table\n")
        })
        .collect();
    for (scene, transcript) in
        [("many", many.as_str()), ("spins", "a | one\nb | two\n"), ("waits", "a | one\n")]
    {
        course.write(
            &format!("lessons/{name}/transcripts/{scene}.txt"),
            &format!("$ lesson-{name} {scene}\n{transcript}"),
        );
    }
    course
}
