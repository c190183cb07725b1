//! Plays every scene of every chapter with an output that cannot be written: the scene must end, print little on
//! stderr, and leave nothing behind.

use std::ffi::OsStr;
use std::path::Path;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use course::{Course, cargo};
use libtest_mimic::{Arguments, Failed, Trial};
use runner::{Cancel, Ending, Launch, Runner, Schedule};

/// A way to make a scene's stdout unusable.
struct Way {
    name: &'static str,
    /// The shell script. `"$@"` is the scene; its exit status is printed as the last line of stderr.
    script: &'static str,
    /// What stderr says if the scene could not print.
    says: &'static str,
    /// Whether the scene may play to its end, because it prints less than was read, or prints to /dev/null.
    may_play: bool,
}

const WAYS: [Way; 4] = [
    Way {
        name: "no-reader",
        // Writes until the pipe has no reader.
        script: r#"{ (trap '' PIPE; while echo; do :; done) 2>&-; "$@"; echo "exit $?" >&2; } | true"#,
        says: "exit 141\n",
        may_play: false,
    },
    Way {
        name: "one-line-read",
        script: r#"{ "$@"; echo "exit $?" >&2; } | head -n 1"#,
        says: "exit 141\n",
        may_play: true,
    },
    Way {
        name: "disk-full",
        script: r#""$@" > /dev/full; echo "exit $?" >&2"#,
        says: "cannot write to stdout: the scene ends\nexit 141\n",
        may_play: false,
    },
    // A Rust program that starts without a stdout opens /dev/null instead.
    Way {
        name: "closed",
        script: r#""$@" >&-; echo "exit $?" >&2"#,
        says: "exit 0\n",
        may_play: true,
    },
];

/// How many lesson seconds pass in a real second.
const SPEED: &str = "50";
const DEADLINE: Duration = Duration::from_secs(20);
/// Most of a scene's time is spent waiting.
const TESTS_PER_PROCESSOR: usize = 3;

fn main() -> ExitCode {
    runner::supervise_if_asked();
    let course = Course::around(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("our own course");
    let mut arguments = Arguments::from_args();
    if !arguments.list {
        build(&course);
    }
    let processors = thread::available_parallelism().map_or(1, usize::from);
    arguments.test_threads.get_or_insert(TESTS_PER_PROCESSOR * processors);
    libtest_mimic::run(&arguments, trials(&course)).exit_code()
}

/// The chapters have no integration tests, so `cargo test` does not build their programs.
fn build(course: &Course) {
    let mut command = cargo(course, "build");
    command.arg("--quiet");
    for chapter in &course.chapters {
        command.args(["--package", &chapter.package]);
    }
    assert!(command.status().expect("cargo").success(), "the chapters do not build");
}

fn trials(course: &Course) -> Vec<Trial> {
    let mut trials = Vec::new();
    for chapter in &course.chapters {
        let program = course.target().join("debug").join(&chapter.package);
        for scene in chapter.scenes().expect("a scene table") {
            for way in &WAYS {
                let (program, scene) = (program.clone(), scene.name.clone());
                let name = format!("{}/{scene}::{}", chapter.name, way.name);
                trials.push(Trial::test(name, move || play(&program, &scene, way)));
            }
        }
    }
    trials
}

fn play(program: &Path, scene: &str, way: &Way) -> Result<(), Failed> {
    let runner = Runner::new(Cancel::new()?)?;
    let shell = ["sh", "-c", way.script, "sh"].map(OsStr::new);
    let scene = [program.as_os_str(), scene.as_ref(), "--speed".as_ref(), SPEED.as_ref()];
    let launch = Launch::new(shell.into_iter().chain(scene)).deadline(DEADLINE);
    let recording = runner.record(&launch, &Schedule::Free)?;

    let stderr = String::from_utf8_lossy(&recording.stderr()).into_owned();
    if !matches!(recording.ending, Ending::Code(_)) {
        return Err(format!("{:?} after {stderr:?}", recording.ending).into());
    }
    let mut leftovers = recording.leftovers.iter().filter(|leftover| !leftover.may_be_foreign());
    if let Some(leftover) = leftovers.next() {
        return Err(format!("left behind: {leftover}").into());
    }
    // Some scenes panic or overflow a stack on purpose, perhaps before they print the line that cannot be written. That
    // line itself must not make std panic, which it would do in its own source.
    let on_purpose = ["panicked at lessons/", "has overflowed its stack"];
    let panicked =
        on_purpose.iter().any(|text| stderr.contains(text)) && !stderr.contains("failed printing");
    let cannot_print = stderr == way.says || panicked && stderr.ends_with(way.says);
    let has_played = way.may_play && stderr.ends_with("exit 0\n");
    let cannot_play_here = stderr.ends_with("exit 77\n");
    match cannot_print || has_played || cannot_play_here {
        true => Ok(()),
        false => Err(format!("stderr: {stderr}").into()),
    }
}
