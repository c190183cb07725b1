//! How a run ended.

use runner::{Ending, Error, Launch, MOST_BYTES, Schedule, Stream};

use crate::Test;
use crate::acts::{ACT, WORK};
use crate::harness::{RUNNER, SHORT, own, record, shell, this};

pub(crate) const TESTS: &[Test] = &[
    ("a_good_program_is_recorded_as_it_is", a_good_program_is_recorded_as_it_is),
    ("exit_code_and_signal_are_told_apart", exit_code_and_signal_are_told_apart),
    ("an_endless_loop_ends_at_the_deadline", an_endless_loop_ends_at_the_deadline),
    ("without_its_pipes_it_still_has_a_deadline", without_its_pipes_it_still_has_a_deadline),
    ("a_flood_is_dammed", a_flood_is_dammed),
    ("what_cannot_start_is_an_error", what_cannot_start_is_an_error),
    ("a_program_starts_in_order", a_program_starts_in_order),
    ("processor_time_is_that_of_all", processor_time_is_that_of_all),
];

fn a_good_program_is_recorded_as_it_is() {
    let recording = record(shell("echo hello; echo there >&2"));
    assert_eq!(recording.ending, Ending::Code(0));
    assert_eq!(recording.stdout(), b"hello\n");
    assert!(own(&recording).is_empty());
}

fn exit_code_and_signal_are_told_apart() {
    assert_eq!(record(shell("exit 3")).ending, Ending::Code(3));
    assert_eq!(record(shell("kill -SEGV $$")).ending, Ending::Signal(11));
    // A real-time signal: nix has no name for it.
    assert_eq!(record(shell("kill -40 $$")).ending, Ending::Signal(40));
    // Its process group, without the supervisor.
    assert_eq!(record(shell("sleep 1000 & kill -KILL 0")).ending, Ending::Signal(9));
}

fn an_endless_loop_ends_at_the_deadline() {
    let deadline = SHORT / 2;
    let recording = record(shell("echo begun; while :; do :; done").deadline(deadline));
    assert_eq!(recording.ending, Ending::Deadline);
    assert!(recording.wall >= deadline);
    assert_eq!(recording.stdout(), b"begun\n", "what came before is kept");
}

fn without_its_pipes_it_still_has_a_deadline() {
    let recording = record(shell("exec >&- 2>&-; sleep 1000").deadline(SHORT));
    assert_eq!(recording.ending, Ending::Deadline);
}

fn a_flood_is_dammed() {
    let recording = record(shell("exec yes"));
    assert_eq!(recording.ending, Ending::Flood(Stream::Stdout));
    assert!(recording.stdout().len() < 2 * MOST_BYTES);
    let recording = record(shell("tr '\\0' x < /dev/zero >&2"));
    assert_eq!(recording.ending, Ending::Flood(Stream::Stderr), "without a newline, too");
}

fn what_cannot_start_is_an_error() {
    let start =
        |words: &[&str]| RUNNER.record(&Launch::new(words.to_vec()), &Schedule::Free).unwrap_err();
    match start(&["/no/such/program"]) {
        Error::Start { program, reason } => {
            assert_eq!(program, "/no/such/program");
            assert!(reason.starts_with("No such file"), "{reason}");
        }
        other => panic!("{other}"),
    }
    assert_eq!(start(&[]).to_string(), "cannot start a program: the command is empty");
}

fn a_program_starts_in_order() {
    let script = "read line || echo no input; pwd; ls; echo $TMPDIR; ls $TMPDIR; echo $EXTRA; \
                  kill -0 -$$ && echo leader";
    let recording = record(shell(script).variable("EXTRA", "more"));
    let text = String::from_utf8(recording.stdout()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let [no_input, working, temporary, extra, leader] = lines[..] else { panic!("{lines:?}") };
    assert_eq!((no_input, extra, leader), ("no input", "more", "leader"));
    let (working, temporary) = (working.strip_suffix("/work"), temporary.strip_suffix("/tmp"));
    assert!(working.is_some() && working == temporary, "a folder of its own");
    let recording = record(shell("pwd").directory("/usr"));
    assert_eq!(recording.stdout(), b"/usr\n");
}

fn processor_time_is_that_of_all() {
    let script = format!("$THIS {ACT} work & $THIS {ACT} work; wait");
    let recording = record(shell(&script).variable("THIS", this()));
    assert!(recording.processor.unwrap() >= 2 * WORK, "{recording:?}");
    let recording = record(shell("(sleep 0.3)"));
    assert!(recording.processor.unwrap() < recording.wall, "{recording:?}");
}
