package org.dl4jgn.examples;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;

/** Charts of the examples, as files in the folder {@code target}. */
final class Pictures {

    private Pictures() {}

    /** Saves a chart as a PNG file, and says where. */
    static void save(XYChart chart, String name) throws IOException {
        Path picture = Path.of("target", name);
        Files.createDirectories(picture.getParent());
        try (OutputStream out = Files.newOutputStream(picture)) {
            BitmapEncoder.saveBitmap(List.of(chart), 1, 1, out, BitmapEncoder.BitmapFormat.PNG);
        }
        System.out.println("drawn: " + picture);
    }
}
