// error[E0382]
//! Each client has one thread. Its socket has moved there, and main cannot talk in between.

use std::io::Write;
use std::net::TcpListener;
use std::thread;

fn main() -> std::io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let (mut client, _) = listener.accept()?;
    let thread = thread::spawn(move || client.write_all(b"hello\n"));
    client.write_all(b"goodbye\n")?; // Before hello, after it, or in the middle of it?
    thread.join().expect("the thread does not panic")
}
