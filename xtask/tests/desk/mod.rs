//! The commands that read, write and judge a course's files.

mod bench;
mod breaking;
mod chapter;
mod form;
mod orders;
mod read;
mod reading;
mod text;
mod tidy;
