//! Every order of a scene's processes and threads.

use crate::course::{Course, XTASK, holds, stderr, stdout};

/// The child of `early` sends its message before it prints so. `again` asks for its own orders, and for one of them.
const PROGRAM: &str = r#"
fn main() {
    lesson::run(&[("twice", twice), ("early", early), ("many", many), ("again", again), ("timed", timed),
        ("slow", slow), ("busy", twice), ("loose", loose)])
}
fn twice() { sh("(echo a: $$; echo a: done) & (echo b: one) & wait; echo main: $$") }
fn early() {
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            sender.send(()).unwrap();
            println!("child: sent");
        });
        receiver.recv().unwrap();
        println!("parent: received");
    });
}
fn many() { sh("for i in a b c d e f; do (echo $i: 1; echo $i: 2; echo $i: 3) & done; wait") }
fn loose() { sh("echo first; for i in a b c d; do (echo $i: 1; echo $i: 2) & done; wait") }
fn again() { sh("cd $COURSE && $XTASK orders steered/again && $XTASK replay steered/again 0") }
fn slow() { sh("echo main: 3 tenths") }
fn timed() {
    sh("(sleep 0.1; echo >over) & echo main: asks; test -e over && echo main: late || echo main: in time; wait; rm over")
}
"#;

fn course() -> Course {
    let course = Course::scenes("steered", "undirected.busy = \"it measures itself\"\n", PROGRAM);
    let many: String = (1..=3)
        .flat_map(|line| {
            ["a", "b", "c", "d", "e", "f"].map(|lane| format!("{lane} | {lane}: {line}\n"))
        })
        .collect();
    let loose = many.lines().filter(|line| !line.ends_with('3') && *line < "e");
    let loose: String = loose.map(|line| format!("{line}\n")).collect();
    for (scene, transcript) in [
        ("twice", "a | a: {p:pid}\na | a: done\nb | b: one\n---\nmain | main: {p}\n"),
        ("early", "child | child: sent\nchild -> parent\nparent | parent: received\n"),
        ("many", &many),
        // The program keeps an order that this does not claim.
        ("loose", &format!("z | first\n{loose}")),
        ("again", "main *| {:text}\n"),
        ("slow", "main | main: {n:1..=9} tenths\n\ntiming finally {n} < 3\n"),
        ("busy", "main *| {:text}\n"),
        ("timed", "main | main: asks\ntiming main | main: in time\n"),
    ] {
        course.write(
            &format!("lessons/steered/transcripts/{scene}.txt"),
            &format!("$ lesson-steered {scene}\n{transcript}"),
        );
    }
    course
}

#[test]
fn every_order_of_processes_is_compared_with_the_transcript() {
    let course = course();
    course.screen("orders-processes", ["orders", "steered/twice"]).success();
    // A run decides nothing by itself, so one order of each outcome is found again.
    let said = stdout(&course.xtask(["orders", "steered/twice"]).success());
    for command in said.lines().filter_map(|line| line.split_once("cargo xtask ")) {
        course.xtask(command.1.split(' ')).success();
    }
    a_fault_is_found_with_its_replay(&course);
    a_line_that_must_come_in_time_comes_in_time(&course);
    what_comes_too_late_is_not_seen(&course);
    a_scene_is_left_alone_and_says_why(&course);
    too_many_orders_are_not_all(&course);
    without_a_director_one_line_says_why(&course);
    options_must_fit(&course);
}

fn a_fault_is_found_with_its_replay(course: &Course) {
    let said = stdout(&course.xtask(["orders", "steered/early"]).code(1));
    let faulty = "\n    parent: received\n    child: sent\n    not legal: ORDER";
    holds(&said, faulty);
    holds(
        &said,
        "1 outcome not legal by lessons/steered/transcripts/early.txt; seen the one legal order",
    );
    // What is not legal comes first.
    let (_, command) = said.split_once("cargo xtask ").unwrap();
    let replay = stdout(&course.xtask(command.lines().next().unwrap().split(' ')).code(1));
    holds(&replay, "FAILED  steered/early");
    holds(&replay, "ORDER");
}

fn a_line_that_must_come_in_time_comes_in_time(course: &Course) {
    let said = stdout(&course.xtask(["orders", "steered/timed"]).success());
    holds(&said, ": 1 outcome\n");
    holds(&said, "main: in time");
}

fn what_comes_too_late_is_not_seen(course: &Course) {
    let said = stdout(&course.xtask(["orders", "steered/slow"]).success());
    holds(
        &said,
        "each is legal by lessons/steered/transcripts/slow.txt, apart from its claims about time",
    );
    holds(&said, "seen 0 of 2\n");
}

fn a_scene_is_left_alone_and_says_why(course: &Course) {
    let said = stdout(&course.xtask(["orders", "steered/busy"]).success());
    holds(&said, "steered/busy is not directed: it measures itself");
    let said = stdout(&course.xtask(["replay", "steered/busy", "0"]).success());
    holds(&said, "steered/busy is not directed: it measures itself\n`cargo xtask outcomes ");
    let said = stdout(&course.xtask(["check", "steered/busy"]).success());
    holds(&said, "; not attacked: it measures itself");
}

fn too_many_orders_are_not_all(course: &Course) {
    let said = stdout(
        &course.xtask(["orders", "steered/many", "--runs", "10000", "--seconds", "1"]).success(),
    );
    holds(&said, "steered/many\nnot all schedules: ");
    holds(&said, " until 1 s had passed: `--seconds` allows more.\n");
    holds(&said, "of 137,225,088,000");
    holds(&said, "legal, and not shown yet, for example:\n    ");

    let words = ["orders", "steered/loose", "--runs", "20", "--seconds", "3600", "--all"];
    let said = stdout(&course.xtask(words).success());
    holds(&said, "\n20 runs, as many as allowed: `--runs` allows more.\n");
    let number = |before: &str, after: &str| -> usize {
        let (_, rest) = said.split_once(before).unwrap_or_else(|| panic!("{before}: {said}"));
        let number = rest.split_once(after).unwrap().0;
        number.parse().unwrap_or_else(|_| panic!("{number}: {said}"))
    };
    // Each run is counted below, or it is said why it is not.
    let more = number("allows more.\n", " more runs, each");
    let left_out = number("had not come yet. ", " of them w");
    assert!(left_out > 0, "{said}");
    let counted = said.lines().filter_map(|line| line.split_once("%  cargo xtask replay "));
    let counted = counted.map(|(row, _)| row.split_whitespace().next().unwrap());
    let counted: usize = counted.map(|runs| runs.parse::<usize>().unwrap()).sum();
    assert_eq!(counted + left_out, 20 + more, "{said}");
}

/// A director cannot be directed.
fn without_a_director_one_line_says_why(course: &Course) {
    let mut command = course.command(["replay", "steered/again", "0"]);
    command.env("XTASK", XTASK).env("COURSE", course.path(""));
    let said = stdout(&assert_cmd::Command::from_std(command).assert().success());
    let why = "steered/again cannot be directed: this program is being directed itself";
    assert_eq!(said.matches(why).count(), 2, "{said}");
    holds(&said, "`cargo xtask outcomes steered/again` shows what free runs print");
}

fn options_must_fit(course: &Course) {
    let words: [(&[&str], &str); 4] = [
        (&["orders", "steered/twice", "--memory", "weak"], "steered/twice has no explored program"),
        (&["orders", "steered/twice", "--", "--rounds", "2"], "it takes no such option"),
        (&["orders", "steered/twice", "--runs", "0"], "invalid value '0'"),
        (&["orders", "steered"], "is more than one scene"),
    ];
    for (words, part) in words {
        holds(&stderr(&course.xtask(words.iter().copied()).code(2)), part);
    }
}
