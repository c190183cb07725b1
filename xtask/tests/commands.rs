//! Tests every command as a reader types it, in courses made for the tests.

mod course;
mod desk;
mod runner;
mod screens;
