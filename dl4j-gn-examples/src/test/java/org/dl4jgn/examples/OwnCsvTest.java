package org.dl4jgn.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

class OwnCsvTest {

    private static final String FILE = """
            size, color, price, one
            1.5, red, 10, 1
            , red, 11, 1
            2, blue, 20, 1
            3, "green, dark", 30, 1
            4, red, 40
            """;

    @Test
    void textBecomesZerosAndOnesAndIncompleteRowsAreLeftOut() throws IOException {
        CsvTable table = CsvTable.read(new StringReader(FILE));
        assertEquals("3 rows of [size, color, price, one], 2 left out for empty cells", table.toString());
        assertEquals(List.of("blue", "green, dark", "red"), table.classes("color"));
        assertEquals(List.of(), table.classes("price"));

        DataSet price = table.split("price");
        assertEquals(
                Nd4j.createFromArray(new double[][] {{1.5, 0, 0, 1, 1}, {2, 1, 0, 0, 1}, {3, 0, 1, 0, 1}}),
                price.getFeatures());
        assertEquals(Nd4j.createFromArray(new double[][] {{10}, {20}, {30}}), price.getLabels());
        assertEquals(3, table.split("color").numOutcomes());
    }

    @Test
    void withoutAFileItPredictsThePetalsOfIrises() {
        String shown = Console.of(() -> OwnCsv.main(new String[0]));
        assertTrue(shown.startsWith("150 rows of [sepal_length"), shown);
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
        assertTrue(shown.startsWith("199 rows of [a, kind, always, b], 1 left out"), shown);
        assertTrue(rSquared(shown) > 0.99, shown);
    }

    @Test
    void aColumnThatIsNotThereIsNamedWithThoseThatAre(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("own.csv"), FILE);
        Exception e = assertThrows(
                IllegalArgumentException.class, () -> OwnCsv.main(new String[] {file.toString(), "prize"}));
        assertTrue(e.getMessage().contains("prize") && e.getMessage().contains("[size, color, price, one]"));
    }

    private static double rSquared(String shown) {
        String line = shown.strip();
        return Double.parseDouble(line.substring(line.lastIndexOf(' ')));
    }
}
