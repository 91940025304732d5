package org.dl4jgn.examples;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.dl4jgn.tables.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnCsvTest {

    private static final String FILE = """
            size, color, price, one
            1.5, red, 10, 1
            , red, 11, 1
            2, blue, 20, 1
            3, "green, dark", 30, 1
            4, red, 40, 1
            """;

    /** A column of texts that are all different became a column for each, and R² 0.05. */
    @Test
    void aColumnOfNamesIsLeftOutAsTheBenchmarksDo(@TempDir Path folder) throws IOException {
        StringBuilder lines = new StringBuilder("a,name,b\n");
        for (int i = 0; i < 600; i++) {
            double a = (i * 37 % 600) / 100.0;
            lines.append(a)
                    .append(",name")
                    .append(i)
                    .append(',')
                    .append(Math.sin(a))
                    .append('\n');
        }
        Path file = Files.writeString(folder.resolve("own.csv"), lines);
        String shown = Console.of(() -> OwnCsv.main(new String[] {file.toString(), "b"}));
        assertTrue(shown.contains("\"name\" is text of 480 different values, more than 30: left out"), shown);
        assertTrue(rSquared(shown) > 0.99, shown);
    }

    @Test
    void withoutAFileItPredictsThePetalsOfIrises() {
        String shown = Console.of(() -> OwnCsv.main(new String[0]));
        assertTrue(shown.startsWith("150 rows of sepal_length"), shown);
        assertTrue(rSquared(shown) > 0.95, shown);
    }

    @Test
    void aFileWithTextGapsAndAConstantColumnIsLearned(@TempDir Path folder) throws IOException {
        StringBuilder lines = new StringBuilder("a,kind,always,b\n");
        for (int i = 0; i < 200; i++) {
            double a = (i * 37 % 200) / 100.0;
            boolean odd = i % 2 == 1;
            lines.append(i == 7 ? "" : a)
                    .append(odd ? ",odd,5," : ",even,5,")
                    .append(a * a + (odd ? 1 : 0))
                    .append('\n');
        }
        Path file = Files.writeString(folder.resolve("own.csv"), lines);
        String shown = Console.of(() -> OwnCsv.main(new String[] {file.toString(), "b"}));
        assertTrue(shown.startsWith("200 rows of a, kind, always, b"), shown);
        assertTrue(shown.contains("\"a\" misses 1 values"), shown);
        assertTrue(shown.contains("\"always\" is constant"), shown);
        assertTrue(rSquared(shown) > 0.99, shown);
    }

    @Test
    void aColumnThatIsNotThereIsNamedWithThoseThatAre(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("own.csv"), FILE);
        Exception e = assertThrows(DataException.class, () -> OwnCsv.main(new String[] {file.toString(), "prize"}));
        assertTrue(e.getMessage().contains("did you mean \"price\"?")
                && e.getMessage().contains("size, color, price, one"));
    }

    private static double rSquared(String shown) {
        String line = shown.strip();
        return Double.parseDouble(line.substring(line.lastIndexOf(' ')));
    }
}
