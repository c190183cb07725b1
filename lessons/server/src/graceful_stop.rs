//! How does a server stop in the middle of its work?
use shared::Result;
pub(crate) fn scene() -> Result<()> {
    Ok(())
}
