//! Are the arrows of scenes attacked, and can the scenes print what their transcripts allow?

use crate::course::{Course, XTASK, holds, stdout};

/// The child of `early` sends its message before it prints so. `again` asks for an audit of its own. In `tickets`, a
/// process takes its ticket directly after its line, so another one is hardly ever faster. The answer of `in-time`
/// comes in time, unless the timeout ends early.
const PROGRAM: &str = r#"
fn main() {
    lesson::run(&[
        ("waits", waits), ("ticks", ticks), ("lanes", lanes), ("one-order", one_order),
        ("threads", threads), ("wide", wide), ("early", early), ("again", again),
        ("tickets", tickets), ("in-time", in_time),
    ])
}
fn waits() { sh("(echo a: one; echo a: two) & echo b: one; wait; echo main: all") }
fn ticks() {
    sh("(while sleep 0.01; do echo child: here; done) & sleep 0.1; kill $!; wait $!; echo main: end")
}
fn lanes() {
    sh("for lane in a b; do (for i in 1 2 3 4 5 6 7 8 9; do echo $lane: $i; done) & done; wait")
}
fn one_order() { sh("echo a: one; echo b: one") }
fn threads() {
    std::thread::spawn(|| println!("a: one")).join().unwrap();
    println!("b: one");
}
fn wide() {
    std::thread::scope(|scope| {
        for lane in ["a", "b", "c", "d", "e", "f"] {
            scope.spawn(move || (1..=3).for_each(|line| println!("{lane}: {line}")));
        }
    });
    println!("main: 1");
}
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
fn tickets() {
    let asks = |name| format!(
        "(set -C; echo {name}: asks; true >taken && ticket=1 || ticket=2; echo {name}: has ticket $ticket) 2>/dev/null &"
    );
    sh(&format!("{} {} wait; rm taken", asks("ann"), asks("bob")));
}
fn in_time() {
    let (sender, receiver) = std::sync::mpsc::channel();
    let child = std::thread::spawn(move || {
        std::thread::sleep(std::time::Duration::from_millis(10));
        sender.send("in time").unwrap();
    });
    let answer = receiver.recv_timeout(std::time::Duration::from_secs(1));
    println!("main: {}", answer.unwrap_or("too late"));
    child.join().unwrap();
}
fn again() { sh("cd $COURSE && $XTASK audit --orders audited/again") }
"#;

/// The first one to ask gets the first ticket.
const TICKETS: &str = "first | {f:word}: asks\nfirst -> second\nsecond | {s:word}: asks\n\
                       first | {f}: has ticket 1\nsecond | {s}: has ticket 2\n";
/// With this legal line, which no run prints, an audit tries as many orders as it can.
const NEVER: &str = "never ?| never\n";

fn course() -> Course {
    let course = Course::scenes("audited", "", PROGRAM);
    let lines = |lane: &str, last: u32| -> String {
        (1..=last).map(|line| format!("{lane} | {lane}: {line}\n")).collect()
    };
    let lanes = lines("a", 9) + &lines("b", 9);
    let wide = ["a", "b", "c", "d", "e", "f"].map(|lane| lines(lane, 3)).concat();
    // Legal and impossible: main prints no 2.
    let wide = wide + "---\nmain | main: {:1..=2}\n";
    for (scene, transcript) in [
        ("waits", "a | a: one\na | a: two\nb | b: one\n---\nmain | main: all\n"),
        ("ticks", "child *| child: here\nnever ?| never\nchild, never -> main\nmain | main: end\n"),
        ("lanes", &lanes),
        ("one-order", "a | a: one\nb | b: one\n"),
        ("threads", "a | a: one\nb | b: one\n"),
        ("wide", &wide),
        ("early", "child | child: sent\nchild -> parent\nparent | parent: received\n"),
        ("again", "main *| {:text}\n"),
        ("tickets", &format!("{TICKETS}{NEVER}")),
        ("in-time", &format!("main | main: in time\n{NEVER}")),
    ] {
        course.write(
            &format!("lessons/audited/transcripts/{scene}.txt"),
            &format!("$ lesson-audited {scene}\n{transcript}"),
        );
    }
    course
}

#[test]
fn arrows_are_attacked_and_legal_outputs_are_looked_for() {
    let course = course();
    course
        .screen("audit-orders", ["audit", "--orders", "audited/waits", "audited/one-order"])
        .code(1);
    an_arrow_that_is_not_attacked_is_listed(&course);
    many_outputs_are_found_in_the_states_of_few_runs(&course);
    what_threads_do_in_memory_is_not_known(&course);
    what_was_not_shown_is_a_note(&course);
    an_illegal_run_fails_with_its_replay(&course);
    an_order_that_is_rarely_tried_fails_too(&course);
    a_timeout_that_ends_early_is_a_note(&course);
    without_a_director_one_line_says_why(&course);
}

fn audited(course: &Course, scene: &str, code: i32) -> String {
    stdout(&course.xtask(["audit", "--orders", scene]).code(code))
}

fn an_arrow_that_is_not_attacked_is_listed(course: &Course) {
    let said = audited(course, "audited/ticks", 0);
    holds(&said, "0 of 1 arrow attacked");
    holds(&said, "not attacked: child, never -> main (line 4), because no run has printed both");
    holds(&said, "\n1 arrow: 0 attacked\n");
}

fn many_outputs_are_found_in_the_states_of_few_runs(course: &Course) {
    let said = audited(course, "audited/lanes", 0);
    holds(&said, "audited/lanes  each of 500 that were tried, of 48,620 outputs\n");
    holds(&said, "1 transcript: 1 allow only what the program prints, 0 perhaps more");
}

fn what_threads_do_in_memory_is_not_known(course: &Course) {
    let said = audited(course, "audited/threads", 0);
    holds(&said, "audited/threads  1 of 2 outputs in every order\n");
    holds(&said, "for example:\n        b: one\n        a: one\n");
    holds(&said, "1 perhaps more, 0 the impossible");
}

fn what_was_not_shown_is_a_note(course: &Course) {
    let said = audited(course, "audited/wide", 0);
    holds(&said, " of 274,450,176,000 outputs, and ");
    holds(&said, "    not shown, for example:\n        ");
    holds(&said, "\n        and 7 more lines\n");
    holds(&said, "1 perhaps more, 0 the impossible");
}

fn an_illegal_run_fails_with_its_replay(course: &Course) {
    let said = audited(course, "audited/early", 1);
    holds(&said, "audited/early  a run is not legal\n    ORDER ");
    holds(&said, "0 the impossible, 1 broken");
    holds(&replayed(course, &said), "ORDER ");
}

fn an_order_that_is_rarely_tried_fails_too(course: &Course) {
    // The kernel may hold a process between its line and its ticket. Without `--returns`, a director never does.
    course.xtask(["orders", "audited/tickets", "--seconds", "2"]).success();
    let said = audited(course, "audited/tickets", 1);
    holds(&said, "audited/tickets  a run is not legal\n    ");
    holds(&said, "    again: cargo xtask replay audited/tickets --returns ");
    holds(&replayed(course, &said), "FAILED  audited/tickets");
}

fn a_timeout_that_ends_early_is_a_note(course: &Course) {
    let said = audited(course, "audited/in-time", 0);
    holds(&said, "1 perhaps more, 0 the impossible, 0 broken");
    holds(&said, "    not legal, where timeouts may end while other tasks could go on:\n    STRAY");
    let flags = "--returns --early-timeouts";
    holds(&said, &format!("    again: cargo xtask replay audited/in-time {flags} "));
    holds(&replayed(course, &said), "STRAY");
}

/// What the command says that shows the illegal run again.
fn replayed(course: &Course, said: &str) -> String {
    let (_, command) = said.split_once("    again: cargo xtask ").unwrap();
    stdout(&course.xtask(command.lines().next().unwrap().split(' ')).code(1))
}

/// A director cannot be directed.
fn without_a_director_one_line_says_why(course: &Course) {
    let mut command = course.command(["replay", "audited/again", "0"]);
    command.env("XTASK", XTASK).env("COURSE", course.path(""));
    let said = stdout(&assert_cmd::Command::from_std(command).assert().success());
    holds(&said, "the orders are not audited: this program is being directed itself");
}
