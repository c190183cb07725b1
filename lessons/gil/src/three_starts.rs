//! What does a child have when it starts?

use std::env;
use std::io;
use std::os::unix::process::parent_id;
use std::process::{Command, Stdio, id};
use std::sync::{Mutex, OnceLock};

use shared::{Error, Process, Result, Subprocess, clock, join_all, lesson};

use crate::bars::Bars;

/// What each child needs. Loading it takes half a second, as some imports do in Python.
static TABLE: OnceLock<[u32; 3]> = OnceLock::new();

static SETTING: Mutex<&str> = Mutex::new("as in the source");

/// Main loads the table and changes a setting. Then it starts three children in each of three ways.
pub(crate) fn scene() -> Result<()> {
    match lesson::option::<String>("role")?.as_str() {
        "main" => main(),
        "child" => child("spawn"),
        "fork-server" => serve(),
        role => Err(Error::other(format!("no role {role}: it is main, child or fork-server"))),
    }
}

fn main() -> Result<()> {
    load("main");
    *SETTING.lock().expect("no thread panics") = "as main changed it";
    println!("main: my pid is {}", id());
    let mut bars = Bars::default();
    bars.measure("spawn", || (1..=3).try_for_each(|_| start_anew("child", b"")))?;
    bars.measure("fork server", || start_anew("fork-server", b"start\nstart\nstart\n"))?;
    bars.measure("fork", || (1..=3).try_for_each(|_| fork("fork")))
}

fn fork(way: &str) -> Result<()> {
    join_all([Process::new(|| child(way)).start()?])
}

/// Starts this program anew, in another role.
fn start_anew(role: &str, input: &[u8]) -> Result<()> {
    let speed = 1.0 / clock::seconds(1.0).as_secs_f64();
    let mut command = Command::new(env::current_exe()?);
    command.args(["three-starts", "--role", role, "--speed", &speed.to_string()]);
    let output = Subprocess::start(command.stdin(Stdio::piped()))?.communicate(input)?;
    match output.status.success() {
        true => Ok(()),
        false => Err(Error::other(format!("{role}: {}", output.status))),
    }
}

/// Runs in a process of its own. It has one thread and little memory, and forks a child for each line that it reads.
fn serve() -> Result<()> {
    println!("fork server: my pid is {}", id());
    load("fork server");
    for request in io::stdin().lines() {
        request?;
        fork("fork server")?;
    }
    Ok(())
}

/// Runs in each child.
fn child(way: &str) -> Result<()> {
    load(way);
    let setting = SETTING.lock().expect("no thread panics");
    println!("{way}: child of {}, the setting is {setting}", parent_id());
    Ok(())
}

/// Loads the table, unless this process has it already.
fn load(speaker: &str) {
    TABLE.get_or_init(|| {
        clock::sleep(0.5);
        println!("{speaker}: loads the table");
        [2, 3, 5]
    });
}
