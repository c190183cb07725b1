//! The commands of the desk: those that read, write and judge a course's files.

mod bench;
mod chapter;
mod course;
mod reading;
mod tidy;
