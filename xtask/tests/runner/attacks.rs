//! After its free run, a check attacks the order of each scene.

use std::process::Stdio;

use serde_json::Value;

use crate::course::{Course, XTASK, eventually, holds, left, runs, stderr, stdout};

/// In `told`, a child says that it sends before it does. `again` checks a scene while it is directed itself, and `slow`
/// does not end if it has run before. `endless` has more moves than any run may have. In `far`, one child
/// says too late that it ends, after both have printed a thousand lines.
const PROGRAM: &str = r#"
fn main() {
    lesson::run(&[("twice", twice), ("told", told), ("again", again), ("slow", slow), ("endless", endless), ("far", far)])
}
fn twice() { sh("(echo a: $$; echo a: done) & (echo b: one) & wait; echo main: $$") }
fn told() {
    let mut child = std::process::Command::new("sh");
    child.args(["-c", SAYS]).stderr(std::process::Stdio::piped());
    let mut child = child.spawn().unwrap();
    let mut message = [0];
    std::io::Read::read_exact(child.stderr.as_mut().unwrap(), &mut message).unwrap();
    sleep();
    println!("parent: has received");
    child.wait().unwrap();
}
const SAYS: &str = "
echo child: sends
echo >&2
";
fn again() { sh("cd $COURSE && $XTASK check NAME/twice 2>&1 | cat && $XTASK check NAME/twice --format json") }
fn slow() {
    if std::fs::File::create_new("FOLDER/ran").is_err() {
        std::fs::write("FOLDER/again", "").unwrap();
        loop { std::hint::spin_loop(); }
    }
    println!("done");
}
fn endless() { (0..6000).for_each(|_| println!("main: is here")) }
fn far() {
    let ticks = |lane| format!("i=0; while [ $i -lt 1010 ]; do echo {lane}: ticks; i=$((i+1)); done");
    let (a, b) = (ticks("a"), ticks("b"));
    let (tells, waits) = ("echo >over; echo a: ends", "read over <over; sleep 0.5; echo b: ends");
    sh(&format!("mkfifo over; ({a}; {tells}) & ({b}; {waits}) & wait; rm over"));
}
/// Two seconds.
fn sleep() {
    let speed: u64 = std::env::args().last().unwrap().parse().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(2_000 / speed))
}
"#;

/// A race: the child says it when it has sent.
const FLAW: &str = r#"--- a/src/main.rs
+++ b/src/main.rs
@@ -16,4 +16,4 @@
 const SAYS: &str = "
-echo child: sends
 echo >&2
+echo child: sends
 ";
"#;

/// A course with one chapter of this name.
fn course(name: &str) -> Course {
    let course = Course::scenes(name, "", &PROGRAM.replace("NAME", name));
    let folder = course.path("");
    let main = format!("lessons/{name}/src/main.rs");
    course.edit(&main, "FOLDER", folder.to_str().unwrap());
    course.write(&format!("lessons/{name}/broken/told.sends-first.patch"), FLAW);
    for (scene, transcript) in [
        ("twice", "a | a: {p:pid}\na | a: done\nb | b: one\n---\nmain | main: {p}\n"),
        ("told", "child | child: sends\nchild -> parent\nparent | parent: has received\n"),
        ("again", "main *| {:text}\n"),
        ("slow", "main | done\n"),
        ("endless", "main *| main: is here\n"),
        ("far", "a *| a: ticks\na | a: ends\nb *| b: ticks\na -> b\nb | b: ends\n"),
    ] {
        course.write(
            &format!("lessons/{name}/transcripts/{scene}.txt"),
            &format!("$ lesson-{name} {scene}\n{transcript}"),
        );
    }
    course
}

#[test]
fn a_race_is_found_by_an_attack_and_replayed() {
    let course = course("hostile");
    let thorough = ["check", "hostile/twice", "hostile/told", "--thorough"];
    course.screen("check-attacked", thorough).success();

    course.xtask(["break", "hostile/told", "sends-first"]).success();
    let free = stdout(&course.xtask(["check", "hostile/told", "--free"]).success());
    holds(&free, "passed  hostile/told  seen the one legal order\n");
    let said = stdout(&course.screen("check-directed", ["check", "hostile/told"]).code(1));
    let again = again(&said);
    let replays: Vec<String> =
        (0..5).map(|_| stdout(&course.xtask(again.iter().copied()).code(1))).collect();
    assert!(replays.iter().all(|replay| *replay == replays[0]), "{replays:#?}");
    // Both show the same report and the same drawing.
    let report = |text: &str| {
        let from = text.find("ORDER").unwrap();
        let lines = text[from..].lines().map(str::trim);
        lines
            .take_while(|line| !line.starts_with("again") && !line.is_empty())
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(report(&said), report(&replays[0]));

    let json = stdout(&course.xtask(["check", "hostile/told", "--format", "json"]).code(1));
    let entry: Value = serde_json::from_str(json.lines().next().unwrap()).unwrap();
    assert_eq!([&entry["accepted"], &entry["run"]], [&Value::from(1), &Value::Null]);
    assert_eq!(entry["repeat"], format!("cargo xtask {}", again.join(" ")));
    assert_eq!(entry["stdout"], "parent: has received\nchild: sends\n");
    let run = entry["directed_run"].as_u64().unwrap();
    assert!(run <= 3, "{entry}");

    course.xtask(["restore", "hostile/told"]).success();
    course.xtask(["check", "hostile/told"]).success();
}

/// The words of the command that shows the failed run again.
fn again(said: &str) -> Vec<&str> {
    let (_, again) = said.split_once("again: cargo xtask ").unwrap();
    again.lines().next().unwrap().split(' ').collect()
}

#[test]
fn a_run_with_a_thousand_choices_is_replayed() {
    let course = course("patient");
    let said = stdout(&course.xtask(["check", "patient/far", "--thorough"]).code(1));
    let again = again(&said);
    let ["replay", "patient/far", choices] = again[..] else { panic!("{again:?}") };
    let choices: orders::Choices = choices.parse().unwrap();
    assert!(choices.numbers().len() > 1000, "{choices}");
    let replay = stdout(&course.xtask(again).code(1));
    for said in [&said, &replay] {
        holds(said, "\"b: ends\" was printed before");
    }
}

#[test]
fn a_run_that_is_cut_off_is_no_attack() {
    let course = course("endless");
    let said = stdout(&course.xtask(["check", "endless/endless", "--thorough"]).success());
    let why = "directed runs has more than 5,000 moves";
    holds(&said, "passed  endless/endless  seen 1 of any number; not attacked: each of ");
    holds(&said, why);
    holds(&said, " cut off)\n1 passed, 0 failed");
    let words = ["check", "endless/endless", "--thorough", "--format", "json"];
    let json = stdout(&course.xtask(words).success());
    let json: Vec<Value> = json.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(json[0]["attacks"]["cut_off"], json[0]["attacks"]["runs"], "{json:?}");
    holds(json[0]["attacks"]["not_attacked"].as_str().unwrap(), why);
    assert_eq!(json[1]["attacks"]["cut_off"], json[1]["attacks"]["runs"], "{json:?}");
    let said = stderr(&course.xtask(["replay", "endless/endless", "0"]).code(2));
    holds(&said, "endless/endless does not end within 5,000 moves in this order");
}

#[test]
fn free_runs_attack_nothing() {
    let course = course("peaceful");
    let check = |words: &[&str]| -> Vec<Value> {
        let fixed = ["check", "peaceful/told", "--format", "json"];
        let json = stdout(&course.xtask(fixed.iter().chain(words).copied()).success());
        json.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    for (words, accepted, is_attacked) in [
        (&["--free"][..], 3, false),
        (&["--free", "--runs", "2"], 2, false),
        (&["--shake"], 3, false),
        (&[], 1, true),
        (&["--runs", "2"], 2, true),
    ] {
        let [entry, sum] = &check(words)[..] else { panic!("more than one scene") };
        assert_eq!(entry["accepted"], accepted, "{words:?}: {entry}");
        assert_eq!(entry["attacks"].is_object(), is_attacked, "{words:?}: {entry}");
        assert_eq!(sum["attacks"].is_object(), is_attacked, "{words:?}: {sum}");
    }
    let refused = stderr(&course.xtask(["check", "--free", "--thorough"]).code(2));
    holds(&refused, "cannot be used with");
}

/// A director cannot be directed.
#[test]
fn without_a_director_there_are_free_runs_and_one_line_says_why() {
    let course = course("refused");
    // With a target folder of its own, the check inside waits for no other cargo: a director would call that stuck.
    let command = |words: [&str; 2], rest: &[&str]| {
        let mut command = course.command(words.into_iter().chain(rest.iter().copied()));
        command.env("CARGO_TARGET_DIR", course.path("target"));
        command.env("XTASK", XTASK).env("COURSE", course.path(""));
        assert_cmd::Command::from_std(command).assert().success()
    };
    command(["check", "refused/twice"], &[]); // builds
    let said = stdout(&command(["replay", "refused/again"], &["0"]));
    let why = "this program is being directed itself";
    holds(&said, &format!("not attacked: {why}; all runs are free"));
    holds(&said, "passed  refused/twice  seen ");
    holds(&said, "\"accepted\":3");
    holds(&said, &format!("\"not_attacked\":\"{why}\""));
    assert!(!said.contains("attacks"), "{said}");
}

#[test]
fn ctrl_c_during_an_attack_leaves_nothing() {
    let course = course("stopped");
    course.xtask(["check", "stopped/twice", "--free"]).success(); // builds
    let mut command = course.command(["check", "stopped/slow", "--thorough"]);
    let mut xtask = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    eventually("no directed run begins", || course.path("again").exists() && runs("slow"));
    super::ending::kill("-INT", xtask.id());
    eventually("xtask waits for the deadline", || xtask.try_wait().unwrap().is_some());
    assert_eq!(xtask.wait().unwrap().code(), Some(130));
    assert_eq!(left(), []);
}
