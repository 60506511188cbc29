//! Writes the gallery as files: `cargo run -p ui --example gallery -- some/folder`, then serve the folder.

use std::error::Error;
use std::fs;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("name a folder to write to")?);
    fs::create_dir_all(folder.join("assets"))?;
    for (name, page) in ui::gallery::all() {
        fs::write(folder.join(format!("{name}.html")), page.into_string())?;
    }
    for (_, url) in ui::assets::all() {
        let asset = ui::assets::get(url, "").ok_or("an asset is not there")?;
        fs::write(folder.join(url.trim_start_matches('/')), asset.bytes)?;
    }
    let photo = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 180"><rect width="240" height="180" fill="#7a8aa0"/><path d="M0 180 80 70l50 70 30-40 80 80Z" fill="#4d5b70"/></svg>"##;
    fs::write(folder.join("photo.svg"), photo)?;
    Ok(())
}
