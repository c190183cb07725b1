//! What is the same in all servers?

mod connection; // What can be done for a client without waiting?
mod deadline; // When has a client been too slow?
mod door; // Who comes in, and what if there is no room?
mod process; // How does a server get a process of its own?
mod serve; // Who waits for one client?
mod stop; // How do all threads and processes learn that they are to stop?
mod terms; // What can be set?

pub(crate) use connection::Connection;
pub(crate) use deadline::Deadline;
pub(crate) use door::{Door, is_harmless};
pub(crate) use process::{Design, Server, listen};
pub(crate) use serve::serve;
pub(crate) use stop::ANY;
pub(crate) use terms::Terms;
