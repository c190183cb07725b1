//! What a command line asks for, and what a lesson answers.

use std::time::{Duration, Instant};

use assert_cmd::assert::OutputAssertExt;

use crate::{Test, lesson, program};

pub(crate) const TESTS: &[Test] = &[
    ("all_scenes_play_in_order", all_scenes_play_in_order),
    ("one_scene_plays_alone", one_scene_plays_alone),
    ("list_names_the_scenes", list_names_the_scenes),
    ("options_reach_the_scene", options_reach_the_scene),
    ("speed_reaches_the_clock", speed_reaches_the_clock),
    ("wrong_questions_are_answered_with_2", wrong_questions_are_answered_with_2),
    ("help_shows_the_options_and_their_defaults", help_shows_the_options),
    ("a_mistake_in_the_table_is_a_panic_that_says_so", mistakes_in_the_table),
    ("a_skipped_scene_says_why", a_skipped_scene_says_why),
    ("a_failing_scene_says_why", a_failing_scene_says_why),
    ("a_failing_scene_does_not_stop_the_others", a_failing_scene_does_not_stop_the_others),
];

fn all_scenes_play_in_order() {
    let output = lesson("fine", "--speed 50").output().unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    let mut lines = stdout.lines();
    let headed =
        [["", "── well", "all is well"], ["", "── workers", "3 workers, half a second: true"]];
    for line in headed.as_flattened() {
        assert_eq!(lines.next(), Some(*line));
    }
    let rest = ["", "── missing", "", "── many-lines"];
    assert!(rest.iter().all(|line| lines.next() == Some(line)));
    assert_eq!(lines.by_ref().take(100_000).count(), 100_000);
    assert_eq!(lines.collect::<Vec<_>>(), ["", "── other-pipe", "closed: true"]);
    let stderr = String::from_utf8(output.stderr).unwrap();
    let skipped =
        format!("{}: skipped: nslookup is not installed; apt-get install dnsutils\n", program());
    assert_eq!(stderr, skipped);
    assert!(output.status.success(), "a skipped scene is no failure");
}

fn one_scene_plays_alone() {
    lesson("fine", "well").assert().success().stdout("all is well\n").stderr("");
}

fn list_names_the_scenes() {
    lesson("fine", "--list")
        .assert()
        .success()
        .stdout("well\nworkers\nmissing\nmany-lines\nother-pipe\n")
        .stderr("");
}

fn options_reach_the_scene() {
    for line in ["workers --workers 5 --speed 50", "--speed=50 --workers=5 workers"] {
        lesson("fine", line).assert().success().stdout("5 workers, half a second: true\n");
    }
}

fn speed_reaches_the_clock() {
    let start = Instant::now();
    lesson("fine", "workers --speed 0.5")
        .assert()
        .success()
        .stdout("3 workers, half a second: true\n");
    assert!(start.elapsed() >= Duration::from_secs(1), "half a lesson second at half speed");
}

fn wrong_questions_are_answered_with_2() {
    for (line, complaint) in [
        (
            "workres",
            "no scene workres: the scenes are well, workers, missing, many-lines, other-pipe",
        ),
        ("well workers", "one scene at a time: well or workers"),
        (
            "workers --workers five",
            "--workers five: invalid digit found in string; give a value such as 3",
        ),
        ("many-lines --wrokers 5", "no option --wrokers: the options are --speed"),
        ("workers --wrokers 5", "no option --wrokers: the options are --workers, --speed"),
        ("workers --workers", "--workers needs a value, such as --workers 3"),
        ("workers --speed 1e9", "--speed 1e9: give a number from 0.001 to 1000, such as 2 or 0.5"),
        (
            "--workers 5",
            "--workers is an option of one scene: name the scene too (--help lists them)",
        ),
    ] {
        let complaint = format!("{}: {complaint}\n", program());
        lesson("fine", line).assert().code(2).stdout("").stderr(complaint);
    }
}

fn help_shows_the_options() {
    for line in ["--help", "-h", "workers --help", "workers --workers 3 --help"] {
        let help = lesson("fine", line).assert().success().stderr("");
        let help = String::from_utf8_lossy(&help.get_output().stdout).into_owned();
        let (_, scenes) =
            help.split_once("scenes, and their options with the defaults:\n").unwrap();
        let (scenes, _) = scenes.split_once("\n\n").unwrap();
        assert_eq!(scenes, "  well\n  workers --workers 3\n  missing\n  many-lines\n  other-pipe");
    }
}

fn mistakes_in_the_table() {
    for (scene, message) in [
        (
            "undeclared",
            "the scene declares no option workers: write `SCENE --workers DEFAULT` in the scene table",
        ),
        ("wrong-default", "--workers few in the scene table: invalid digit found in string"),
    ] {
        let assert = lesson("careless", scene).assert().code(101).stdout("");
        let stderr = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
        assert!(stderr.contains(message), "{stderr}");
    }
}

fn a_skipped_scene_says_why() {
    let reason =
        format!("{}: skipped: nslookup is not installed; apt-get install dnsutils\n", program());
    lesson("fine", "missing").assert().code(77).stdout("").stderr(reason);
}

fn a_failing_scene_says_why() {
    lesson("sick", "sick")
        .assert()
        .code(1)
        .stdout("")
        .stderr(format!("{}: nothing is well\n", program()));
}

fn a_failing_scene_does_not_stop_the_others() {
    let assert = lesson("sick", "")
        .assert()
        .code(1)
        .stdout("\n── well\nall is well\n\n── sick\n\n── last\nall is well\n");
    let stderr = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
    let summary = format!("{}: 1 of 3 scenes failed: sick (exit status: 1)\n", program());
    assert!(stderr.ends_with(&summary), "{stderr}");
}
