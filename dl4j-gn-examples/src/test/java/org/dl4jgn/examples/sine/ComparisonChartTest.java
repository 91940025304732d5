package org.dl4jgn.examples.sine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonChartTest {

    @Test
    void drawsEveryRunInItsColour(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("not/there/yet/chart.png");
        ComparisonChart.write(List.of(Runs.SGD, Runs.ADAM, Runs.SGN), file);
        BufferedImage image = ImageIO.read(file.toFile());
        Set<Integer> colours = IntStream.range(0, image.getWidth() * image.getHeight())
                .mapToObj(i -> image.getRGB(i % image.getWidth(), i / image.getWidth()) & 0xFFFFFF)
                .collect(Collectors.toSet());
        assertTrue(colours.containsAll(
                ComparisonChart.COLOURS.stream().map(c -> c.getRGB() & 0xFFFFFF).toList()));
    }

    @Test
    void leavesOutALossThatIsNoNumber(@TempDir Path folder) throws IOException {
        Run diverging = Runs.of(
                Contender.sgd(9), Double.NaN, new Curve.Point(1, 0.1, 0.9), new Curve.Point(2, 0.2, Double.NaN));
        Run diverged = Runs.of(Contender.adam(9), Double.NaN, new Curve.Point(1, 0.1, Double.NaN));
        Path file = folder.resolve("chart.png");
        ComparisonChart.write(List.of(diverging, diverged, Runs.SGN), file);
        assertTrue(ImageIO.read(file.toFile()).getWidth() > 0);
    }
}
