//! What clients do to a server, and what each design does about it: it says so, and goes on serving the others.

mod clients;
mod designs;
mod limits;
mod server;
mod signals;
