//! Builds the assets: joins the style sheets, joins the portal module, rewrites addresses to hashed ones,
//! compresses, and writes the table that `src/assets.rs` includes.
//!
//! Packages from npm are an extra: without npm the build works and the product says what is missing.

#![expect(clippy::print_stdout, reason = "a build script speaks to cargo on its standard output")]

mod npm;
mod text;

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use sha2::{Digest, Sha256};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=web");
    let web = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("web");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let packages = npm::fetch(&web.join("npm"), &out);

    let mut built = Assets { out: out.join("assets"), done: BTreeMap::new() };
    if built.out.exists() {
        fs::remove_dir_all(&built.out)?;
    }
    fs::create_dir_all(&built.out)?;

    // What nothing else is named in, first.
    for file in files(&web.join("img"))? {
        built.add(&name_of(&file)?, fs::read(&file)?)?;
    }
    let mut faces = String::new();
    let mut has_font = false;
    if let Some(folder) = &packages {
        has_font = font(folder, &mut built, &mut faces)?;
        map(folder, &web, &mut built)?;
        licences(folder, &mut built)?;
    }
    let mut css = vec![fs::read_to_string(web.join("css/_layers.css"))?, faces];
    for file in files(&web.join("css"))? {
        if !name_of(&file)?.starts_with('_') {
            css.push(fs::read_to_string(&file)?);
        }
    }
    let css = built.resolve(&text::small_css(&css.concat()))?;
    built.add("app.css", css.into_bytes())?;

    built.add("scheme.js", text::small_js(&fs::read_to_string(web.join("js/scheme.js"))?).into_bytes())?;
    let morph = match &packages {
        Some(folder) => {
            let library = fs::read_to_string(folder.join("idiomorph/dist/idiomorph.min.js"))?;
            library + ";\n" + &fs::read_to_string(web.join("js/morph-idiomorph.js"))?
        }
        None => fs::read_to_string(web.join("js/morph-plain.js"))?,
    };
    let mut modules = BTreeMap::from([("morph.js".to_owned(), morph)]);
    for file in files(&web.join("js/app"))? {
        modules.insert(name_of(&file)?, fs::read_to_string(&file)?);
    }
    built.add("app.js", text::small_js(&text::join_modules(&modules, "main.js")?).into_bytes())?;
    // The field portal's module is the portals' module and what a phone needs without a signal.
    for file in files(&web.join("js/field"))? {
        modules.insert(name_of(&file)?, fs::read_to_string(&file)?);
    }
    built.add("field.js", text::small_js(&text::join_modules(&modules, "field.js")?).into_bytes())?;
    built.add("worker.js", text::small_js(&fs::read_to_string(web.join("js/worker.js"))?).into_bytes())?;

    built.write_table(&out.join("assets.rs"), has_font)?;
    Ok(())
}

/// The variable face, Latin at once and the rest of Latin when a name needs it.
fn font(packages: &Path, built: &mut Assets, faces: &mut String) -> Result<bool> {
    let folder = packages.join("@fontsource-variable/inter");
    let ranges = fs::read_to_string(folder.join("unicode.json"))?;
    for part in ["latin", "latin-ext"] {
        let file = format!("inter-{part}.woff2");
        built.add(&file, fs::read(folder.join(format!("files/inter-{part}-wght-normal.woff2")))?)?;
        let range = text::json_text(&ranges, part).ok_or_else(|| format!("no unicode range for {part}"))?;
        writeln!(
            faces,
            "@font-face{{font-family:'Inter';font-style:normal;font-weight:100 900;font-display:swap;\
             src:url(asset:{file}) format('woff2');unicode-range:{range}}}"
        )?;
    }
    Ok(true)
}

/// The map library as it comes, and our module on top of it.
fn map(packages: &Path, web: &Path, built: &mut Assets) -> Result<()> {
    let folder = packages.join("leaflet/dist");
    let library = fs::read_to_string(folder.join("leaflet.js"))?;
    built.add("leaflet.js", library.replace("//# sourceMappingURL=leaflet.js.map", "").into_bytes())?;
    // Its pictures are not used: the module draws its own marks.
    let styles = text::without_urls(&fs::read_to_string(folder.join("leaflet.css"))?);
    let ours = fs::read_to_string(web.join("map/map.css"))?;
    built.add("map.css", text::small_css(&format!("@layer map{{{styles}}}\n{ours}")).into_bytes())?;
    let module = built.resolve(&text::small_js(&fs::read_to_string(web.join("map/map.js"))?))?;
    built.add("map.js", module.into_bytes())?;
    Ok(())
}

/// The licences of what is embedded travel with it.
fn licences(packages: &Path, built: &mut Assets) -> Result<()> {
    let mut text = String::new();
    for name in ["@fontsource-variable/inter", "idiomorph", "leaflet"] {
        let words = fs::read_to_string(packages.join(name).join("LICENSE"))?;
        writeln!(text, "== {name} ==\n\n{}\n", words.trim())?;
    }
    built.add("licences.txt", text.into_bytes())
}

/// A written file: its address and the forms it is kept in.
struct Done {
    url: String,
    file: String,
    gzip: bool,
    brotli: bool,
}

struct Assets {
    out: PathBuf,
    done: BTreeMap<String, Done>,
}

impl Assets {
    /// Writes a file under its hashed name, compressed where that helps.
    fn add(&mut self, name: &str, bytes: Vec<u8>) -> Result<()> {
        let hash: String = Sha256::digest(&bytes).iter().take(5).map(|byte| format!("{byte:02x}")).collect();
        let (stem, ending) = name.rsplit_once('.').ok_or_else(|| format!("{name} has no ending"))?;
        let file = format!("{stem}-{hash}.{ending}");
        let path = self.out.join(&file);
        let (mut gzip, mut brotli) = (false, false);
        if matches!(ending, "css" | "js" | "svg" | "json" | "txt" | "webmanifest") {
            let smaller = compress(&bytes)?;
            gzip = smaller.0.len() < bytes.len();
            brotli = smaller.1.len() < bytes.len();
            fs::write(self.out.join(format!("{file}.gz")), smaller.0)?;
            fs::write(self.out.join(format!("{file}.br")), smaller.1)?;
        }
        fs::write(path, bytes)?;
        self.done.insert(name.to_owned(), Done { url: format!("/assets/{file}"), file, gzip, brotli });
        Ok(())
    }

    /// Puts the address of a file where `asset:its-name` stands.
    fn resolve(&self, source: &str) -> Result<String> {
        let mut parts = source.split("asset:");
        let mut text = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let end = part
                .find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '.'))
                .unwrap_or(part.len());
            let (name, rest) = part.split_at(end);
            text += &self.done.get(name).ok_or_else(|| format!("asset:{name} is not built"))?.url;
            text += rest;
        }
        Ok(text)
    }

    fn write_table(&self, to: &Path, has_font: bool) -> Result<()> {
        let mut code = String::from("static BUILT: &[Built] = &[\n");
        for (name, done) in &self.done {
            let path = self.out.join(&done.file);
            let at = |ending: &str, is: bool| {
                let path = format!("{}{ending}", path.display());
                if is { format!("Some(include_bytes!({path:?}))") } else { "None".to_owned() }
            };
            writeln!(
                code,
                "Built {{ name: {name:?}, url: {:?}, content_type: {:?}, raw: include_bytes!({:?}), gzip: {}, brotli: {} }},",
                done.url,
                content_type(name),
                path.display().to_string(),
                at(".gz", done.gzip),
                at(".br", done.brotli),
            )?;
        }
        code += "];\n";
        let address = |name: &str| self.done.get(name).map(|done| &done.url);
        writeln!(
            code,
            "/// The face to load first, if this build has it.\npub const FONT: Option<&str> = {:?};\n\
             /// The map module, if this build has it.\npub const MAP: Option<&str> = {:?};\n\
             /// The map's style sheet, if this build has it.\npub const MAP_CSS: Option<&str> = {:?};",
            has_font.then(|| address("inter-latin.woff2")).flatten(),
            address("map.js"),
            address("map.css"),
        )?;
        fs::write(to, code)?;
        Ok(())
    }
}

fn compress(bytes: &[u8]) -> Result<(Vec<u8>, Vec<u8>)> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(bytes)?;
    let mut small = Vec::new();
    // The map library is large: the best quality would cost seconds in an unoptimised build.
    let quality = if bytes.len() > 60_000 { 9 } else { 11 };
    let settings = brotli::enc::BrotliEncoderParams { quality, ..Default::default() };
    brotli::BrotliCompress(&mut &bytes[..], &mut small, &settings)?;
    Ok((gzip.finish()?, small))
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "txt" => "text/plain; charset=utf-8",
        "png" => "image/png",
        "woff2" => "font/woff2",
        "webmanifest" => "application/manifest+json",
        _ => "application/octet-stream",
    }
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_file() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn name_of(path: &Path) -> Result<String> {
    Ok(path.file_name().and_then(|name| name.to_str()).ok_or("a file name is not UTF-8")?.to_owned())
}
