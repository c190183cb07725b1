//! Whatever a program does while its threads are held, a directed run ends as a free one does.

use std::fs::{self, Metadata, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};

use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, geteuid};
use runner::{Act, Choice, Directed, Direction, Ending, Refusal, View};

use crate::Test;
use crate::acts::ACT;
use crate::harness::{
    Exchange, PATIENCE, SHORT, act, alive, direct, eventually, output, own, record, replay, shell,
    state, this, unique,
};

pub(crate) const TESTS: &[Test] = &[
    ("a_run_can_be_directed_here", a_run_can_be_directed_here),
    ("one_is_killed_while_it_is_held", one_is_killed_while_it_is_held),
    ("one_ignores_a_signal", one_ignores_a_signal),
    ("one_blocks_a_signal", one_blocks_a_signal),
    ("one_handles_signals", one_handles_signals),
    ("one_becomes_another_program", one_becomes_another_program),
    ("one_uses_vfork", one_uses_vfork),
    ("one_gets_the_child_of_another_thread", one_gets_the_child_of_another_thread),
    ("one_gets_the_child_of_its_child", one_gets_the_child_of_its_child),
    ("one_is_a_set_user_id_program", one_is_a_set_user_id_program),
    ("one_has_another_stdout", one_has_another_stdout),
    ("one_closes_its_stdout", one_closes_its_stdout),
    ("one_spins", one_spins),
    ("one_waits_with_a_timeout", one_waits_with_a_timeout),
    ("there_are_a_hundred", there_are_a_hundred),
    ("one_is_a_director", one_is_a_director),
    ("one_outlives_the_leader", one_outlives_the_leader),
    ("the_deadline_does_not_wait", the_deadline_does_not_wait),
    ("the_supervisor_is_killed", the_supervisor_is_killed),
    ("the_host_is_killed", the_host_is_killed),
    ("ctrl_c_ends_it", ctrl_c_ends_it),
    ("ctrl_z_stops_it", ctrl_z_stops_it),
];

fn a_run_can_be_directed_here() {
    assert_eq!(Refusal::here(), None);
}

fn one_is_killed_while_it_is_held() {
    // The child never gets to print.
    let script = "(echo never) & kill -KILL $!; wait $!; echo it ended with $?";
    // If it were still there, it would come next: the last option is chosen.
    let kill_first = |view: &View<'_>| {
        let kill = view.options.iter().position(|option| option.act == Act::Signal);
        Choice::Take(kill.unwrap_or(view.options.len() - 1))
    };
    let directed = direct(shell(script), &Direction::default(), kill_first);
    assert_eq!(output(&directed), "it ended with 137\n");
    let died = directed.steps.iter().all(|step| step.made.thread.to_string() == "0");
    assert!(died, "{:?}", directed.steps);
}

fn one_ignores_a_signal() {
    // The signal comes while the child is held before it begins, and while it is held in its sleep.
    let kill = "start=$(date +%s); sleep 100 & kill -TERM $!; sleep 1; kill -TERM $!; wait $!; \
                echo $? after $(($(date +%s) - start)) s";
    let ended = |trap: &str| {
        let directed = replay(shell(&format!("{trap}{kill}")), &[0]);
        let signals = directed.steps.iter().filter(|step| step.made.act == Act::Signal).count();
        (output(&directed), signals)
    };
    assert_eq!(ended("trap '' TERM; "), ("0 after 100 s\n".to_owned(), 2));
    assert_eq!(ended(""), ("143 after 1 s\n".to_owned(), 2), "one that does not");
}

fn one_blocks_a_signal() {
    let script = format!("$THIS {ACT} blocks & sleep 1; kill -TERM $!; wait");
    let directed = replay(shell(&script).variable("THIS", this()), &[0]);
    assert_eq!(output(&directed), "false after 100 s\ntrue\n");
}

fn one_handles_signals() {
    // The signal comes while the child is held before its first line. Its handler runs when the call is over.
    let script = "(trap 'echo handled' USR1; echo line; echo last) & sleep 0.01; kill -USR1 $!; echo sent; wait; wait";
    assert_eq!(signalled(script), "sent\nline\nhandled\nlast\n");
    // This one does not print a line again if a signal has interrupted the call.
    let script = "perl -e '$SIG{USR1} = sub {}; syswrite STDOUT, \"$_\\n\" for \"line\", \"last\"' & \
                  sleep 0.01; kill -USR1 $!; echo sent; wait";
    if Command::new("perl").arg("-v").output().is_ok() {
        assert_eq!(signalled(script), "sent\nline\nlast\n");
    } else {
        eprintln!("skipped in part: this machine has no perl");
    }
}

/// What a script prints whose first child begins at once, and then goes on only when nothing else can.
fn signalled(script: &str) -> String {
    let choose = |view: &View<'_>| {
        let child = view.options.iter().position(|option| option.thread.to_string() == "0.1");
        let others = view.options.iter().position(|option| option.thread.to_string() != "0.1");
        let begins = child.filter(|child| view.options[*child].act == Act::Begin);
        Choice::Take(begins.or(others).unwrap_or_default())
    };
    let patient = Direction { patience: SHORT, ..Direction::default() };
    output(&direct(shell(script), &patient, choose))
}

fn one_becomes_another_program() {
    let script = "echo before; exec sh -c 'echo after; echo child & wait'";
    assert_eq!(output(&replay(shell(script), &[0])), "before\nafter\nchild\n");
}

/// A child that prints while it uses the memory of its parent.
const VFORK: &str = r#"
#include <unistd.h>
int main(void) {
    if (vfork() == 0) { write(1, "child\n", 6); _exit(0); }
    return write(1, "parent\n", 7) != 7;
}
"#;

fn one_uses_vfork() {
    let outputs = [&[0][..], &[1, 1]].map(|choices| output(&replay(act("spawns"), choices)));
    assert_eq!(outputs, ["before\nafter\nchild\n", "before\nchild\nafter\n"]);
    // Here the child is held while the parent waits for its end.
    let exchange = Exchange::new();
    let (source, program) = (exchange.path("vfork.c"), exchange.path("vfork"));
    fs::write(&source, VFORK).unwrap();
    match Command::new("cc").args(["-w", "-o", &program, &source]).status() {
        Ok(status) => assert!(status.success()),
        Err(_) => return eprintln!("skipped in part: this machine has no cc"),
    }
    let script = format!("echo other & {program}; wait");
    let last = |view: &View<'_>| Choice::Take(view.options.len() - 1);
    let directed = direct(shell(&script), &Direction::default(), last);
    assert_eq!(output(&directed), "child\nparent\nother\n");
}

fn one_gets_the_child_of_another_thread() {
    assert_eq!(output(&replay(act("leaves-a-child"), &[0])), "child\nend\n");
}

fn one_gets_the_child_of_its_child() {
    let directed = replay(act("adopts"), &[0]);
    assert_eq!(directed.recording.ending, Ending::Code(0));
    let mut lines = printed(&directed);
    lines.sort_unstable();
    assert_eq!(lines, ["end\n", "orphan\n"], "{directed:?}");
}

fn one_is_a_set_user_id_program() {
    // It is directed as any other.
    let programs = ["/usr/bin/su", "/bin/su", "/usr/bin/mount", "/bin/mount"];
    match programs.iter().find(|program| fs::metadata(program).is_ok_and(|it| is_set_user_id(&it)))
    {
        None => eprintln!("skipped in part: this machine has no set-user-ID program"),
        Some(program) => {
            let directed = replay(shell(&format!("{program} --version; echo end")), &[0]);
            let held = printed(&directed);
            assert!(held.len() > 1, "{program}: {directed:?}");
            assert_eq!(output(&directed), held.concat());
        }
    }
    // But it runs without the privileges of its owner. Only root can make one that has another owner.
    if !geteuid().is_root() {
        return eprintln!("skipped in part: only root can make another user's program");
    }
    let exchange = Exchange::new();
    let (program, owner) = (exchange.path("id"), 65_534);
    let path = Command::new("sh").args(["-c", "command -v id"]).output().unwrap().stdout;
    fs::copy(String::from_utf8(path).unwrap().trim_end(), &program).unwrap();
    chown(&program, Some(owner), None).unwrap();
    fs::set_permissions(&program, Permissions::from_mode(0o4755)).unwrap();
    let script = format!("{program} -u; echo end");
    if record(shell(&script)).stdout() != format!("{owner}\nend\n").as_bytes() {
        return eprintln!(
            "skipped in part: no set-user-ID program can be in a folder for temporary files"
        );
    }
    assert_eq!(printed(&replay(shell(&script), &[0])), ["0\n", "end\n"]);
}

fn is_set_user_id(file: &Metadata) -> bool {
    // One that its users cannot read cannot be directed either.
    let (set_user_id, readable) = (0o4000, 0o004);
    file.is_file()
        && file.uid() == 0
        && file.mode() & (set_user_id | readable) == set_user_id | readable
}

/// What the director has let the program print.
fn printed(directed: &Directed) -> Vec<String> {
    let prints = directed.steps.iter().filter(|step| step.made.act == Act::Print);
    prints.map(|step| step.made.text.clone()).collect()
}

fn one_has_another_stdout() {
    let script = "exec 3>&1 >file; echo into the file; exec >&3; cat file; rm file";
    let directed = replay(shell(script), &[0]);
    assert_eq!(output(&directed), "into the file\n");
    assert_eq!(
        printed(&directed).len(),
        1,
        "only what goes to the run's stdout is held: {:?}",
        directed.steps
    );
    // Stderr may go there, too. Both begin before the second one complains.
    let script = format!(
        "$THIS {ACT} complain one 2>&1 & $THIS {ACT} complain two 2>&1 & wait; echo away >&2"
    );
    let late_lines = |view: &View<'_>| {
        let other = view.options.iter().position(|option| option.act != Act::Print);
        Choice::Take(other.unwrap_or(view.options.len() - 1))
    };
    let launch = shell(&script).variable("THIS", this());
    assert_eq!(output(&direct(launch, &Direction::default(), late_lines)), "two\none\n");
}

fn one_closes_its_stdout() {
    let directed = replay(shell("echo line; exec >&-; echo lost || echo told >&2; exit 3"), &[0]);
    assert_eq!(output(&directed), "line\n");
    assert!(directed.recording.stderr().ends_with(b"told\n"));
    assert_eq!(directed.recording.ending, Ending::Code(3));
}

fn one_spins() {
    assert_eq!(output(&replay(act("spins"), &[0])), "printed\nseen\n");
}

fn one_waits_with_a_timeout() {
    // Nothing happens for longer than in a run that is stuck.
    let directed = replay(act("idles"), &[0]);
    assert_eq!(directed.recording.ending, Ending::Code(0), "{directed:?}");
    assert_eq!(output(&directed), "rested\ndone\n");
}

fn there_are_a_hundred() {
    let script = "i=0; while [ $((i += 1)) -le 100 ]; do echo $i & done; wait; echo end";
    // The last one first: each choice is the last option.
    let last = |view: &View<'_>| Choice::Take(view.options.len() - 1);
    let directed = direct(shell(script), &Direction::default(), last);
    let expected: String =
        (1..=100).rev().map(|i| format!("{i}\n")).chain(["end\n".to_owned()]).collect();
    assert_eq!(output(&directed), expected);
}

fn one_is_a_director() {
    let script = format!("$THIS {ACT} direct 'echo never'");
    let directed = replay(shell(&script).variable("THIS", this()), &[0]);
    assert_eq!(output(&directed), "cannot direct a run: this program is being directed itself\n");
}

fn one_outlives_the_leader() {
    // It is held when the leader ends. Afterwards it goes on as in a free run.
    let directed = replay(shell("(echo late; sleep 1000) & exit 3"), &[0]);
    assert_eq!(directed.recording.ending, Ending::Code(3));
    assert!(!own(&directed.recording).is_empty(), "{directed:?}");
    let directed = replay(shell("(echo late) & echo line; exit 3").linger(PATIENCE), &[0]);
    assert!(own(&directed.recording).is_empty(), "{directed:?}");
    assert_eq!(output(&directed), "line\nlate\n");
}

fn the_deadline_does_not_wait() {
    let directed = replay(shell("echo begun; while :; do :; done").deadline(SHORT / 2), &[0]);
    assert_eq!(directed.recording.ending, Ending::Deadline);
    assert_eq!(output(&directed), "begun\n");
    // But the time of the host's decisions does not count.
    let slow = |_: &View<'_>| {
        std::thread::sleep(SHORT / 4);
        Choice::Take(0)
    };
    let script = "echo one & echo two & echo three & echo four & echo five & wait";
    let directed = direct(shell(script).deadline(SHORT), &Direction::default(), slow);
    assert!(directed.choices().len() > 4);
    assert_eq!(directed.recording.ending, Ending::Code(0));
}

fn the_supervisor_is_killed() {
    let sleep = unique();
    let script =
        format!("(echo held; sleep {sleep}) & sleep 0.01; kill -KILL $PPID; sleep {sleep}");
    let parent_first = |_: &View<'_>| Choice::Take(0);
    let directed = direct(shell(&script), &Direction::default(), parent_first);
    assert_eq!(directed.recording.ending, Ending::SupervisorKilled(9));
    assert_eq!(alive(&sleep), Vec::<i32>::new());
}

/// A host in another process, which directs a script that has two children, one of which is held.
fn host(exchange: &Exchange, word: &str) -> Child {
    let script = format!(
        "(echo $$ > {}; echo held) & \
         (sleep 0.01; echo > {}; exec sh -c 'while :; do :; done' {word}) & wait",
        exchange.path("child"),
        exchange.path("begun")
    );
    let child = start_host(&script);
    exchange.line("begun");
    child
}

fn start_host(script: &str) -> Child {
    let mut command = Command::new(this());
    command.args([ACT, "direct", script]).stdout(Stdio::piped()).process_group(0);
    command.spawn().unwrap()
}

fn signal(child: &Child, signal: Signal) {
    kill(Pid::from_raw(child.id().cast_signed()), signal).unwrap();
}

fn the_host_is_killed() {
    let exchange = Exchange::new();
    let sleep = unique();
    let mut child = host(&exchange, &sleep);
    signal(&child, Signal::SIGKILL);
    child.wait().unwrap();
    let folder = exchange.path("");
    let is_left = || alive(&sleep).is_empty() && alive_with(&folder).is_empty();
    eventually("the end of all", || is_left().then_some(()));
}

/// Every process in whose command line the word occurs.
fn alive_with(word: &str) -> Vec<i32> {
    let entries = fs::read_dir("/proc").unwrap().flatten();
    let has = |entry: &fs::DirEntry| {
        let line = fs::read(entry.path().join("cmdline")).unwrap_or_default();
        String::from_utf8_lossy(&line).contains(word)
    };
    entries.filter(has).filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect()
}

fn ctrl_c_ends_it() {
    let exchange = Exchange::new();
    let word = unique();
    let child = host(&exchange, &word);
    signal(&child, Signal::SIGINT);
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "the run was cancelled\n");
    assert_eq!(alive(&word), Vec::<i32>::new());
    assert_eq!(alive_with(&exchange.path("")), Vec::<i32>::new());
}

fn ctrl_z_stops_it() {
    let exchange = Exchange::new();
    let word = unique();
    let script = format!("echo $$ > {}; : {word}; while :; do :; done", exchange.path("pid"));
    let child = start_host(&script);
    let (host, leader) = (child.id().cast_signed(), exchange.line("pid").parse().unwrap());
    signal(&child, Signal::SIGTSTP);
    for pid in [host, leader] {
        eventually("both are stopped", || (state(pid) == Some('T')).then_some(()));
    }
    signal(&child, Signal::SIGCONT);
    eventually("it goes on", || (state(leader) == Some('R')).then_some(()));
    signal(&child, Signal::SIGINT);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.stdout, b"the run was cancelled\n");
    assert_eq!(alive_with(&word), Vec::<i32>::new());
}
