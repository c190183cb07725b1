//! The supervisor, asked directly: what misbehaving programs do is seen, and nothing of them is left.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::course::SHARED_MEMORY;

/// How long a scene may run here, unless the deadline is what is tested.
const DEADLINE: Duration = Duration::from_secs(20);

const XTASK: &str = env!("CARGO_BIN_EXE_xtask");

struct Finding {
    ended: Value,
    /// `Running`, `Unwaited`, `Temporary`, `Shared` for what was left.
    left: Vec<String>,
    stdout: Vec<u8>,
    took: Duration,
}

/// A supervisor that plays a shell script.
struct Supervised {
    child: Child,
    temporary: TempDir,
    start: Instant,
}

impl Supervised {
    fn start(script: &str, deadline: Duration) -> Self {
        Self::start_by(&mut Command::new(XTASK), script, deadline)
    }

    /// `command` is xtask, or something that becomes xtask.
    fn start_by(command: &mut Command, script: &str, deadline: Duration) -> Self {
        let temporary = TempDir::new().unwrap();
        let order = json!({
            "command": ["/bin/sh", "-c", script],
            "deadline": { "secs": deadline.as_secs(), "nanos": deadline.subsec_nanos() },
            "temporary": temporary.path(),
            "seed": null,
        });
        let child = command
            .args(["supervise", &order.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        Self { child, temporary, start: Instant::now() }
    }

    /// Waits for its end, and sees that nothing is left.
    fn finish(mut self) -> Finding {
        let mut reply = Vec::new();
        let mut stdout = self.child.stdout.take().unwrap();
        stdout.read_to_end(&mut reply).unwrap();
        let took = self.start.elapsed();
        assert!(self.child.wait().unwrap().success());
        assert!(!self.temporary.path().exists(), "the temporary folder is left");
        assert_eq!(marked(self.temporary.path()), Vec::<String>::new(), "processes are left");

        let end = reply.iter().position(|byte| *byte == b'\n').unwrap();
        let finding: Value = serde_json::from_slice(&reply[..end]).unwrap();
        let finding = &finding["Ok"];
        let left = finding["left"].as_array().unwrap().iter();
        let length = finding["stdout"].as_u64().unwrap() as usize;
        Finding {
            ended: finding["ended"].clone(),
            left: left
                .map(|left| left.as_object().unwrap().keys().next().unwrap().clone())
                .collect(),
            stdout: reply[end + 1..][..length].to_vec(),
            took,
        }
    }
}

/// The commands of all processes that were started with this TMPDIR.
fn marked(temporary: &Path) -> Vec<String> {
    let mark = format!("TMPDIR={}", temporary.display());
    let entries = fs::read_dir("/proc").unwrap().flatten();
    entries
        .filter(|entry| {
            fs::read(entry.path().join("environ"))
                .is_ok_and(|all| all.split(|byte| *byte == 0).any(|one| one == mark.as_bytes()))
        })
        .map(|entry| fs::read_to_string(entry.path().join("cmdline")).unwrap_or_default())
        .collect()
}

/// Plays `script` to its end.
fn supervise(script: &str) -> Finding {
    let _among_others = SHARED_MEMORY.read();
    Supervised::start(script, DEADLINE).finish()
}

#[test]
fn a_good_scene_is_reported_as_it_is() {
    let finding = supervise("echo hello; echo there >&2");
    assert_eq!(finding.ended, json!({ "Code": 0 }));
    assert_eq!(finding.stdout, b"hello\n");
    assert!(finding.left.is_empty());
}

#[test]
fn every_byte_survives() {
    let finding = supervise(r"printf '\377\000\n{\n'");
    assert_eq!(finding.stdout, b"\xff\0\n{\n");
}

#[test]
fn exit_code_and_signal_are_told_apart() {
    assert_eq!(supervise("exit 3").ended, json!({ "Code": 3 }));
    assert_eq!(supervise("kill -SEGV $$").ended, json!({ "Signal": 11 }));
    // A real-time signal: nix has no name for it.
    assert_eq!(supervise("kill -40 $$").ended, json!({ "Signal": 40 }));
}

#[test]
fn an_endless_loop_ends_at_the_deadline() {
    let scene = Supervised::start("echo begun; while :; do :; done", Duration::from_millis(300));
    let finding = scene.finish();
    assert_eq!(finding.ended, json!("Deadline"));
    assert_eq!(finding.left, ["Running"]);
    assert_eq!(finding.stdout, b"begun\n", "what came before is kept");
    assert!(finding.took < Duration::from_secs(2), "{:?}", finding.took);
}

#[test]
fn who_closes_stdout_and_sleeps_is_not_waited_for_in_vain() {
    let scene = Supervised::start("exec >&- 2>&-; sleep 100", Duration::from_millis(300));
    let finding = scene.finish();
    assert_eq!(finding.ended, json!("Deadline"));
    assert!(finding.took < Duration::from_secs(2), "{:?}", finding.took);
}

#[test]
fn a_grandchild_in_a_session_of_its_own_does_not_escape() {
    // It holds stdout open: whoever waits for end-of-file waits 100 s.
    let finding = supervise("setsid sh -c 'trap \"\" TERM; sleep 100; :' & exit 0");
    assert_eq!(finding.ended, json!({ "Code": 0 }));
    assert!(finding.left.iter().all(|left| left == "Running"));
    assert!(!finding.left.is_empty());
    assert!(finding.took < Duration::from_secs(2), "{:?}", finding.took);
}

#[test]
fn a_child_that_nobody_waited_for_is_seen() {
    // The shell becomes `sleep`, which knows nothing of its child.
    let finding = supervise("sleep 0.05 & exec sleep 0.3");
    assert_eq!(finding.ended, json!({ "Code": 0 }));
    assert_eq!(finding.left, ["Unwaited"]);
}

#[test]
fn an_orphan_may_end_in_peace() {
    // The inner shell ends at once; its child loses its parent, prints, and ends before the leader does.
    let finding = supervise("(sh -c 'sleep 0.1; echo orphan' &); sleep 0.4; echo end");
    assert_eq!(finding.stdout, b"orphan\nend\n");
    assert!(finding.left.is_empty(), "{:?}", finding.left);
    // The leader's last read ends when the orphan does, and both are gone at almost the same time.
    let finding = supervise("echo $( (sleep 0.05; echo orphan) & )");
    assert_eq!(finding.stdout, b"orphan\n");
    assert!(finding.left.is_empty(), "{:?}", finding.left);
    // This one says that it is done, by closing its stdout, and ends a moment after the leader.
    let finding = supervise("echo $( (sh -c 'echo orphan; exec >&-; sleep 0.03' &) )");
    assert_eq!(finding.stdout, b"orphan\n");
    assert!(finding.left.is_empty(), "{:?}", finding.left);
}

#[test]
fn a_flood_is_dammed() {
    let finding = supervise("yes | head -c 1000000000");
    assert_eq!(finding.ended, json!("Flood"));
    assert!(finding.stdout.len() < 17 << 20);
}

#[test]
fn files_are_found() {
    let _alone = SHARED_MEMORY.write();
    let name = format!("/dev/shm/xtask-test-{}", std::process::id());
    let script = format!("touch {name} $TMPDIR/file");
    let finding = Supervised::start(&script, DEADLINE).finish();
    assert_eq!(finding.left, ["Temporary", "Shared"]);
    fs::remove_file(name).unwrap();
}

#[test]
fn shared_memory_of_others_is_theirs() {
    let name = format!("/dev/shm/xtask-other-{}", std::process::id());
    let scene = Supervised::start("sleep 0.5", DEADLINE);
    thread::sleep(Duration::from_millis(200));
    let other = fs::File::create(&name).unwrap();
    let finding = scene.finish();
    assert!(finding.left.is_empty(), "{:?}", finding.left);
    assert!(Path::new(&name).exists());
    drop(other);
    fs::remove_file(name).unwrap();
}

#[test]
fn a_scene_starts_with_default_signals() {
    // As behind a shell's `&`: SIGINT is ignored, and a child inherits that.
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", r#"trap '' INT QUIT; exec "$0" "$@""#, XTASK]);
    let script = "kill -INT $$; echo survived";
    let finding = Supervised::start_by(&mut shell, script, DEADLINE).finish();
    assert_eq!(finding.ended, json!({ "Signal": 2 }));
}

#[test]
fn nothing_survives_the_one_who_asked() {
    // The tether tears when xtask dies.
    let mut scene = Supervised::start("setsid sleep 100 & sleep 100", DEADLINE);
    thread::sleep(Duration::from_millis(200));
    assert_eq!(marked(scene.temporary.path()).len(), 3, "sh and two sleeps");
    drop(scene.child.stdin.take());
    let finding = scene.finish();
    assert_eq!(finding.ended, json!("Stopped"));
    assert!(finding.took < Duration::from_secs(2), "{:?}", finding.took);
}
