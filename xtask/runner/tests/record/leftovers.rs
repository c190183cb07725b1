//! Everything that a run leaves behind is found, and its processes are ended.

use std::fs;
use std::path::Path;
use std::process::Command;

use runner::{Ending, Leftover, SystemV};

use crate::Test;
use crate::harness::{
    Exchange, PATIENCE, SHORT, act, eventually, own, record, said, shell, unique,
};

pub(crate) const TESTS: &[Test] = &[
    ("a_session_of_its_own_is_no_escape", a_session_of_its_own_is_no_escape),
    ("a_child_without_a_wait_is_seen", a_child_without_a_wait_is_seen),
    ("a_child_may_linger_if_the_launch_says_so", a_child_may_linger_if_the_launch_says_so),
    ("files_of_its_own_folders_are_named", files_of_its_own_folders_are_named),
    ("shared_folders_are_looked_through", shared_folders_are_looked_through),
    ("what_another_program_uses_is_its_own", what_another_program_uses_is_its_own),
    ("system_v_objects_are_found", system_v_objects_are_found),
    ("a_name_cannot_command_the_terminal", a_name_cannot_command_the_terminal),
];

fn a_session_of_its_own_is_no_escape() {
    // It holds stdout open: a reader that waits for end-of-file waits for a long time.
    let sleep = unique();
    let script = format!("setsid sh -c 'trap \"\" TERM; sleep {sleep}; :' & exit 0");
    let recording = record(shell(&script));
    assert_eq!(recording.ending, Ending::Code(0));
    let left = own(&recording);
    assert!(!left.is_empty());
    assert!(left.iter().all(|leftover| matches!(leftover, Leftover::Running { .. })), "{left:?}");
}

fn a_child_without_a_wait_is_seen() {
    // The shell becomes `sleep`, which does not know about its child. Of a child that ends before any look only the
    // name is known, and on a busy machine a look may be late.
    let recording = record(shell("sleep 1 & exec sleep 1.5"));
    assert_eq!(recording.ending, Ending::Code(0));
    let left = own(&recording);
    assert!(
        matches!(&left[..], [Leftover::Unwaited { command, .. }] if command == "sleep 1"),
        "{left:?}"
    );
}

fn a_child_may_linger_if_the_launch_says_so() {
    let script = "(sleep 0.2; echo helper) & echo leader";
    let recording = record(shell(script).linger(PATIENCE));
    assert!(own(&recording).is_empty(), "{recording:?}");
    assert_eq!(recording.stdout(), b"leader\nhelper\n");
    let recording = record(shell("sleep 1000 &").linger(SHORT / 10));
    assert!(matches!(own(&recording)[..], [Leftover::Running { .. }]), "{recording:?}");
}

fn files_of_its_own_folders_are_named() {
    let recording = record(shell("touch here $TMPDIR/there; mkdir .hidden"));
    assert_eq!(
        said(&recording),
        [
            "there in the temporary folder",
            ".hidden in the working directory",
            "here in the working directory"
        ]
    );
}

fn shared_folders_are_looked_through() {
    let name = format!("another-{}", unique());
    let paths =
        [format!("/dev/shm/{name}"), std::env::temp_dir().join(&name).to_str().unwrap().to_owned()];
    let recording = record(shell(&format!("touch {}", paths.join(" "))));
    // The runner must not remove them, so they are still there.
    paths.iter().for_each(|path| fs::remove_file(path).unwrap());
    for path in paths {
        let leftover = Leftover::Shared { path: path.into() };
        assert!(recording.leftovers.contains(&leftover), "{leftover}: {recording:?}");
    }
}

fn what_another_program_uses_is_its_own() {
    let exchange = Exchange::new();
    let path = format!("/dev/shm/another-{}", unique());
    let (begun, go) = (exchange.path("begun"), exchange.path("go"));
    let script = format!("echo > {begun}; until [ -e {go} ]; do sleep 0.02; done");
    let recording = std::thread::scope(|scope| {
        let run = scope.spawn(|| record(shell(&script)));
        exchange.line("begun");
        let file = fs::File::create(&path).unwrap();
        fs::write(go, "").unwrap();
        let recording = run.join().unwrap();
        drop(file);
        recording
    });
    fs::remove_file(&path).unwrap();
    let leftover = Leftover::Shared { path: Path::new(&path).into() };
    assert!(!recording.leftovers.contains(&leftover), "{recording:?}");
}

fn system_v_objects_are_found() {
    if !Path::new("/proc/sysvipc/shm").exists() {
        return; // A kernel without System V.
    }
    let recording = record(shell("ipcmk -M 100 && ipcmk -S 1 && ipcmk -Q"));
    let text = String::from_utf8(recording.stdout()).unwrap();
    let ids: Vec<i32> = text.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    let [memory, semaphores, queue] = ids[..] else { panic!("{text}") };
    let kinds = [
        (SystemV::SharedMemory, memory, "-m"),
        (SystemV::Semaphores, semaphores, "-s"),
        (SystemV::MessageQueue, queue, "-q"),
    ];
    let mut missing = Vec::new();
    for (kind, id, option) in kinds {
        assert!(Command::new("ipcrm").args([option, &id.to_string()]).status().unwrap().success());
        let found =
            recording.leftovers.iter().find(|left| **left == Leftover::SystemV { kind, id });
        match found {
            Some(found) => assert!(found.to_string().contains(&format!("ipcrm {option} {id}"))),
            None => missing.push(kind),
        }
    }
    assert!(missing.is_empty(), "{missing:?}: {:?}", recording.leftovers);
}

fn a_name_cannot_command_the_terminal() {
    let recording = record(act("evil-name"));
    let said = said(&recording);
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].ends_with(r"was still running: \u{1b}[2Jevil\n 1000"), "{said:?}");
    // The recording keeps the name as it was.
    let Leftover::Running { command, .. } = own(&recording)[0] else { panic!("{recording:?}") };
    assert_eq!(command, "\u{1b}[2Jevil\n 1000");
    eventually("the end of it", || {
        (!Path::new("/proc").join(recording.processes[0].pid.to_string()).exists()).then_some(())
    });
}
