package org.dl4jgn.bench.curves;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.dl4jgn.bench.curves.StrdTable.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** NIST's certified values, where its files are. */
class StrdTableTest {

    /** Certified values have eleven digits, and the last may be rounded. */
    private static final double DIGITS = 9;

    private static Optional<Path> folder() {
        return Stream.of("../../shared/data/nist-strd", "../shared/data/nist-strd")
                .map(Path::of)
                .filter(Files::isDirectory)
                .findFirst();
    }

    @Test
    void everyParameterAndItsErrorIsFoundFromBothStarts() throws IOException {
        Optional<Path> folder = folder();
        assumeTrue(folder.isPresent(), "no files of NIST's");
        List<Row> rows = StrdTable.of(folder.get()).rows().stream()
                .filter(row -> row.method() == CurveFitters.LIBRARY)
                .toList();
        for (Row row : rows) {
            assertTrue(row.worst() >= DIGITS, () -> row.problem() + " from start " + row.start() + ": " + row.worst());
            assertTrue(row.worstError() >= DIGITS, () -> "errors of " + row.problem() + ": " + row.worstError());
            assertTrue(row.fitted().isConverged(), row::problem);
        }
    }

    /** A problem in NIST's format, y = 2·0.5ˣ to rounding: the formula of BoxBOD is 3(1 − exp(−x)) here. */
    @Test
    void fileOfNistsFormatIsReadAndPrinted(@TempDir Path folder) throws IOException {
        StringBuilder file = new StringBuilder("  b1 = 1 2.5 3 1\n  b2 = 1 0.9 1 1\n")
                .append("Residual Sum of Squares:   0\nData:  y   x\n");
        for (int x = 1; x <= 6; x++) {
            file.append(3 * (1 - Math.exp(-x))).append(' ').append(x).append('\n');
        }
        Files.writeString(folder.resolve("BoxBOD.dat"), file);
        StrdTable table = StrdTable.of(folder);
        assertEquals(4, table.rows().size());
        table.rows().stream()
                .filter(row -> row.method() == CurveFitters.LIBRARY)
                .forEach(row -> assertTrue(row.worst() >= DIGITS, () -> String.valueOf(row.worst())));
        StringWriter printed = new StringWriter();
        table.print(new PrintWriter(printed));
        assertTrue(printed.toString().contains("| BoxBOD | 2 | dl4j-gn |"), printed::toString);
    }
}
