//! Can a real program be driven like that?

use std::net::UdpSocket;
use std::process::{Command, Stdio};

use shared::{Error, Process, Result, Subprocess, lesson};

use crate::responder::respond;

/// Type MX asks who takes a domain's mail.
const COMMANDS: &str = "\
set q=mx
example.test.
exit
";

/// nslookup is told through a pipe what a person would type, and asks a server that the scene has started.
pub(crate) fn scene() -> Result<()> {
    // Port 0: any free one. It is open before the responder runs, so that no question comes too early.
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    let port = socket.local_addr()?.port();
    println!("parent: starts a responder on port {port}");
    // Killed when the scene returns: a dropped child is.
    let _responder = Process::new(|| respond(&socket)).start()?;

    let mut command = Command::new("nslookup");
    command.args([&format!("-port={port}"), "-", "127.0.0.1"]);
    let nslookup = match Subprocess::start(command.stdin(Stdio::piped()).stdout(Stdio::piped())) {
        Err(Error::NotFound { .. }) => {
            return Err(lesson::skip("there is no nslookup; apt-get install bind9-dnsutils"));
        }
        started => started?,
    };
    let output = nslookup.communicate(COMMANDS.as_bytes())?;
    for line in String::from_utf8_lossy(&output.stdout).lines().filter(|line| !line.is_empty()) {
        println!("nslookup: {}", line.replace('\t', " "));
    }
    println!("parent: nslookup has ended, {}", output.status);
    Ok(())
}
