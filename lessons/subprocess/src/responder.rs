//! A DNS server that knows one answer. Packets are as in RFC 1035.

use std::net::UdpSocket;

use shared::Result;

/// The name, each part after its length; type MX; class IN.
const QUESTION: &[u8] = b"\x07example\x04test\0\0\x0f\0\x01";

/// The name from byte 12 of the packet; type MX; class IN; valid for 60 s; 9 more bytes: preference 10, "mail", and the
/// name from byte 12.
const ANSWER: &[u8] = b"\xc0\x0c\0\x0f\0\x01\0\0\0\x3c\0\x09\0\x0a\x04mail\xc0\x0c";

/// What follows the id: flags (a response; no error) and the counts of questions, answers and two other parts.
const ANSWERED: &[u8] = &[0x85, 0x80, 0, 1, 0, 1, 0, 0, 0, 0];
/// The same without an answer: refused.
const REFUSED: &[u8] = &[0x85, 0x85, 0, 0, 0, 0, 0, 0, 0, 0];

/// Runs in a child, until it is killed.
pub(crate) fn respond(socket: &UdpSocket) -> Result<()> {
    let mut packet = [0; 512];
    loop {
        let (length, client) = socket.recv_from(&mut packet)?;
        // A packet begins with an id of 2 bytes. 10 bytes later comes the question.
        let Some((id, rest)) = packet[..length].split_at_checked(2) else { continue };
        let answer = match rest.get(10..) {
            Some(question) if question.starts_with(QUESTION) => {
                println!("responder: asked for MX of example.test");
                [id, ANSWERED, QUESTION, ANSWER].concat()
            }
            _ => {
                println!("responder: asked for something else");
                [id, REFUSED].concat()
            }
        };
        socket.send_to(&answer, client)?;
    }
}
