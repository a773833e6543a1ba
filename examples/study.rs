//! What the hybrid studies share: their command line, a bar of progress, and a table and a picture in a folder.

use indicatif::{ProgressBar, ProgressStyle};
use plotters::{coord::Shift, prelude::*};
use std::{
    error::Error,
    path::{Path, PathBuf},
};

/// A study that runs: what it is called, where its results go, and whether it is only tried.
pub(crate) struct Study {
    name: &'static str,
    folder: PathBuf,
    /// With less data and fewer steps, as the tests run it.
    pub(crate) quick: bool,
}

/// What a picture shows: lines with their names, and points.
pub(crate) struct Picture<'a> {
    pub(crate) caption: &'a str,
    pub(crate) axes: [&'a str; 2],
    pub(crate) lines: &'a [(String, Vec<(f64, f64)>)],
    pub(crate) points: &'a [(f64, f64)],
}

impl Study {
    /// From the command line, `[--quick] [FOLDER]`.
    pub(crate) fn from_args(name: &'static str) -> Self {
        let (flags, folders): (Vec<String>, Vec<String>) =
            std::env::args().skip(1).partition(|argument| argument.starts_with("--"));
        let folder = folders.into_iter().next().unwrap_or_else(|| "target/hybrid".to_owned());
        Self::new(name, Path::new(&folder), flags.iter().any(|flag| flag == "--quick"))
    }

    pub(crate) fn new(name: &'static str, folder: &Path, quick: bool) -> Self {
        Self { name, folder: folder.to_owned(), quick }
    }

    /// One of two: when only tried, and in full.
    pub(crate) fn size<T>(&self, quick: T, full: T) -> T {
        if self.quick { quick } else { full }
    }

    /// A bar for as many steps, which is seen on a terminal only.
    pub(crate) fn bar(&self, steps: usize, what: &str) -> Result<ProgressBar, Box<dyn Error>> {
        let style = ProgressStyle::with_template("{msg:28} {bar:40} {pos}/{len} {eta}")?;
        Ok(ProgressBar::new(steps as u64).with_style(style).with_message(what.to_owned()))
    }

    /// Prints a table, and writes it to `NAME.csv`; the first row has the names of the columns.
    pub(crate) fn table<const N: usize>(&self, rows: &[[String; N]]) -> Result<(), Box<dyn Error>> {
        let width = |k: usize| rows.iter().map(|row| row[k].chars().count()).max().unwrap_or(0);
        let widths: [usize; N] = std::array::from_fn(width);
        let mut file = csv::Writer::from_path(self.file("csv")?)?;
        for row in rows {
            let cells = row.iter().zip(widths).enumerate();
            let line = cells.map(|(k, (cell, width))| match k {
                0 => format!("{cell:<width$}"),
                _ => format!("  {cell:>width$}"),
            });
            println!("{}", line.collect::<String>().trim_end());
            file.write_record(row)?;
        }
        file.flush()?;
        Ok(())
    }

    /// Draws a picture to `NAME.svg`.
    pub(crate) fn draw(&self, picture: &Picture) -> Result<(), Box<dyn Error>> {
        let path = self.file("svg")?;
        let root = SVGBackend::new(&path, (800, 480)).into_drawing_area();
        picture.onto(&root)?;
        root.present()?;
        println!("the table and a picture are in {}", self.folder.display());
        Ok(())
    }

    fn file(&self, extension: &str) -> Result<PathBuf, Box<dyn Error>> {
        std::fs::create_dir_all(&self.folder)?;
        Ok(self.folder.join(self.name).with_extension(extension))
    }
}

impl Picture<'_> {
    fn onto(&self, root: &DrawingArea<SVGBackend, Shift>) -> Result<(), Box<dyn Error>> {
        let all = || self.lines.iter().flat_map(|(_, line)| line).chain(self.points);
        let [x, y] = [range(all().map(|point| point.0)), range(all().map(|point| point.1))];
        root.fill(&WHITE)?;
        let mut chart = ChartBuilder::on(root)
            .caption(self.caption, ("sans-serif", 20))
            .margin(12)
            .x_label_area_size(40)
            .y_label_area_size(60)
            .build_cartesian_2d(x, y)?;
        chart.configure_mesh().x_desc(self.axes[0]).y_desc(self.axes[1]).draw()?;
        chart.draw_series(self.points.iter().map(|&point| Circle::new(point, 3, BLACK.mix(0.4).filled())))?;
        for (k, (name, line)) in self.lines.iter().enumerate() {
            let colour = Palette99::pick(k).to_rgba();
            chart
                .draw_series(LineSeries::new(line.iter().copied(), colour.stroke_width(2)))?
                .label(name)
                .legend(move |(x, y)| PathElement::new([(x, y), (x + 20, y)], colour.stroke_width(2)));
        }
        chart.configure_series_labels().background_style(WHITE.mix(0.8)).border_style(BLACK).draw()?;
        Ok(())
    }
}

/// From the least to the greatest, with a margin.
fn range(values: impl Iterator<Item = f64>) -> std::ops::Range<f64> {
    let (least, most) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), x| (a.min(x), b.max(x)));
    let margin = if most > least { 0.05 * (most - least) } else { 0.5 };
    least - margin..most + margin
}
