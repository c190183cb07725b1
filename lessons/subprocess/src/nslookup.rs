//! Can I drive a program that was written for people?

use std::net::UdpSocket;
use std::process::{Command, Stdio};

use shared::{Error, Process, Result, Subprocess, lesson};

use crate::responder::respond;

/// What a person would type. An MX record names the server that takes a domain's mail.
const COMMANDS: &str = "\
set q=mx
example.test.
exit
";

/// nslookup gets its commands through a pipe, and asks a server that this scene has started.
pub(crate) fn scene() -> Result<()> {
    // Port 0: any free one. The socket is open before nslookup starts, so no question is lost.
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    let port = socket.local_addr()?.port();
    println!("parent: starts a responder on port {port}");
    let responder = Process::new(|| respond(&socket)).start()?;

    let mut command = Command::new("nslookup");
    // "-": it reads commands from stdin. Then the server to ask.
    command.args([&format!("-port={port}"), "-", "127.0.0.1"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let nslookup = match Subprocess::start(&mut command) {
        Err(Error::NotFound { .. }) => {
            return Err(lesson::skip("there is no nslookup; apt-get install bind9-dnsutils"));
        }
        started => started?,
    };
    let output = nslookup.communicate(COMMANDS.as_bytes())?;
    // Like decode("utf-8") in Python: bytes that are not UTF-8 are an error.
    let text = String::from_utf8(output.stdout).map_err(Error::other)?;
    for line in text.lines().filter(|line| !line.is_empty()) {
        println!("nslookup: {}", line.replace('\t', " "));
    }
    println!("parent: nslookup has ended, {}", output.status);
    responder.kill()?;
    responder.join()?;
    Ok(())
}
