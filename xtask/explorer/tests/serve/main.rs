//! The program that answers requests: this test starts itself, with a request as its argument.

use std::env;
use std::process::{Command, ExitCode, Output};
use std::sync::mpsc;

use explorer::swapped::sync::atomic::{AtomicU32, Ordering::Relaxed};
use explorer::swapped::thread;
use explorer::{Ending, Limits, Memory, Mode, Report, Request, Schedule, println, serve};
use libtest_mimic::{Arguments, Trial};

fn main() -> ExitCode {
    if env::args().nth(1).is_some_and(|argument| argument.starts_with('{')) {
        return serve(&[
            ("count", |sizes| count(sizes.get("threads"))),
            ("blocks", |_| blocks()),
            ("calculates", |_| calculates()),
        ]);
    }
    let trials = [
        ("a_request_is_answered", a_request_is_answered as fn()),
        ("a_wrong_request_is_refused", a_wrong_request_is_refused),
        ("a_call_that_blocks_is_named", a_call_that_blocks_is_named),
    ];
    let trials = trials.map(|(name, test)| {
        Trial::test(name, move || {
            test();
            Ok(())
        })
    });
    libtest_mimic::run(&Arguments::from_args(), trials.into()).exit_code()
}

/// Threads that add in one step.
fn count(threads: u32) -> Result<(), String> {
    let counter = AtomicU32::new(0);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| counter.fetch_add(1, Relaxed));
        }
    });
    println!("{}", counter.load(Relaxed));
    Ok(())
}

/// Receives from a channel of the real std, which no thread sends to.
fn blocks() -> Result<(), String> {
    let (_sender, receiver) = mpsc::channel::<()>();
    println!("waits");
    receiver.recv().map_err(|error| error.to_string())
}

/// Never comes to its second step.
fn calculates() -> Result<(), String> {
    println!("calculates");
    let mut number = 1_u64;
    while std::hint::black_box(number) != 0 {
        number = number.wrapping_mul(3);
    }
    Ok(())
}

fn ask(scene: &str, size: (&str, i64), mode: Mode) -> Output {
    let sizes = [(size.0.to_owned(), size.1)].into();
    let memory = Memory::Sequential;
    let request = Request { scene: scene.to_owned(), sizes, memory, mode };
    let request = serde_json::to_string(&request).unwrap();
    Command::new(env::current_exe().unwrap()).arg(request).output().unwrap()
}

fn a_request_is_answered() {
    let output = ask("count", ("threads", 3), Mode::Explore(Limits::default()));
    let report: Report = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((report.schedules, report.incomplete), (6, None));
    let [outcome] = &report.outcomes[..] else { panic!("{report:?}") };
    assert_eq!((outcome.output.as_str(), &outcome.ending), ("3\n", &Ending::Returned));

    let output = ask("count", ("threads", 3), Mode::Replay(outcome.replay.clone()));
    let replay: Schedule = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(replay.output, "3\n");
    assert_eq!(replay.threads.len(), 4);
}

fn a_wrong_request_is_refused() {
    let refused = |output: Output, part: &str| {
        assert_eq!(output.status.code(), Some(2));
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.contains(part), "{error}");
    };
    refused(ask("none", ("threads", 3), Mode::Replay(Vec::new())), "there is no scene none");
    refused(ask("count", ("threads", 3), Mode::Replay(vec![9])), "choice 1 cannot be 9");
    let output = ask("count", ("rounds", 3), Mode::Explore(Limits::default()));
    let report: Report = serde_json::from_slice(&output.stdout).unwrap();
    let Ending::Panicked(panic) = &report.outcomes[0].ending else { panic!("{report:?}") };
    assert_eq!(panic.message, "the request has no usable size `threads`");
}

fn a_call_that_blocks_is_named() {
    for (scene, does) in [
        ("blocks", "waits in a call that the explorer does not know"),
        ("calculates", "calculates"),
    ] {
        let output = ask(scene, ("threads", 1), Mode::Explore(Limits::default()));
        assert_eq!(output.status.code(), Some(3));
        let error = String::from_utf8(output.stderr).unwrap();
        let source = include_str!("main.rs").lines();
        let line = 1 + source
            .take_while(|line| !line.contains(&format!("println!(\"{}", &does[..5])))
            .count();
        let expected = format!(
            "line {line}: main has made this step, and since then {does}, for more than 5 s\n"
        );
        assert_eq!(error, expected);
    }
}
