package org.dl4jgn.bench.problem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dl4jgn.bench.data.DataFolders;
import org.dl4jgn.tables.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvProblemTest {

    @TempDir
    Path folder;

    private static final int ROWS = 60;

    private Workload load(String header, RowWriter rows, String target) throws IOException {
        StringBuilder text = new StringBuilder(header).append('\n');
        for (int i = 0; i < ROWS; i++) {
            text.append(rows.row(i)).append('\n');
        }
        Path file = Files.writeString(folder.resolve("table.csv"), text);
        return new CsvProblem(file, target).load(DataFolders.only(folder));
    }

    private interface RowWriter {
        String row(int i);
    }

    private String complaint(String header, RowWriter rows, String target) {
        return assertThrows(DataException.class, () -> load(header, rows, target))
                .getMessage();
    }

    private static void assertSaid(List<String> notes, String text) {
        assertTrue(notes.stream().anyMatch(note -> note.contains(text)), () -> text + " is not in " + notes);
    }

    @Test
    void missingTextConstantAndCountingColumnsAreEncodedAloud() throws IOException {
        List<String> notes = load(
                        "id,size,colour,same,nothing,remark,price",
                        i -> i + "," + (i % 7 == 0 ? "NA" : 10.5 * i % 13) + "," + (i % 2 == 0 ? "red" : "blue")
                                + ",5,,r" + i + "," + 0.25 * i,
                        "price")
                .notes();
        assertSaid(notes, "\"id\" counts the rows: left out");
        assertSaid(notes, "\"size\" misses 9 values");
        assertSaid(notes, "\"colour\" is text: a column of 0 and 1 for each of blue, red");
        assertSaid(notes, "\"same\" is constant: left out");
        assertSaid(notes, "\"nothing\" is empty: left out");
        assertSaid(notes, "\"remark\" is text of 48 different values");
        assertSaid(notes, "regression");
        assertSaid(notes, "48 training and 12 test examples, 4 inputs");
    }

    @Test
    void aTargetOfTextOrOfFewWholeNumbersIsOneOfClasses() throws IOException {
        assertEquals(
                Measure.TEST_ACCURACY,
                load("x;kind", i -> 0.5 * i * i + ";" + "abc".charAt(i % 3), "kind")
                        .measures()
                        .get(1));
        assertSaid(load("x;kind", i -> 0.5 * i * i + ";" + i % 2, "kind").notes(), "one of 2 classes: 0, 1");
    }

    @Test
    void aClassWithOneRowIsTrainedOnAndSaidAndNoClassIsOnlyTested() throws IOException {
        for (int rare = 0; rare < ROWS; rare++) {
            int one = rare;
            Workload workload =
                    load("x,kind", i -> 0.5 * i * i + "," + (i == one ? "rare" : "ab".charAt(i % 2)), "kind");
            assertSaid(workload.notes(), "class rare with one row each: trained on, and never tested");
            assertTrue(workload.constantPrediction().orElseThrow() < 2, () -> "row " + one + " is tested");
        }
    }

    @Test
    void aColumnThatCountsTheRowsIsKeptWhereItIsTheOnlyOneAndOtherStepsAlways() throws IOException {
        assertSaid(load("x,y", i -> i + "," + i % 7 * 0.5, "y").notes(), "kept, since there is no other");
        assertSaid(load("x,y", i -> 0.5 * i + "," + i % 7 * 0.5, "y").notes(), "1 inputs");
    }

    @Test
    void namesWithCommasAreQuotedAndTheNearestIsOffered() {
        assertTrue(complaint("\"size, cm\",y", i -> i + ",1", "z").contains("its columns are \"size, cm\", y"));
        String said = complaint("price,y", i -> i + ",1", "prise");
        assertTrue(said.contains("did you mean \"price\"?"), said);
    }

    @Test
    void rowsWithoutATargetAreLeftOut() throws IOException {
        assertSaid(
                load("x,y", i -> 0.5 * i * i + "," + (i < 5 ? "" : 0.3 * i), "y")
                        .notes(),
                "5 rows without a value of \"y\" are left out");
    }

    @Test
    void whatCannotBeLearnedIsExplained() {
        assertTrue(complaint("x,y", i -> i + ",1", "z").contains("no column \"z\"; its columns are x, y"));
        assertTrue(complaint("x,y", i -> 0.5 * i * i + ",1", "y").contains("nothing to learn"));
        assertTrue(complaint("x,y", i -> "1," + i, "y").contains("no column to learn from"));
        assertTrue(complaint("x,y", i -> i == 30 ? "1" : "1," + i, "y").contains("has 1 cells in row 32"));
        assertTrue(complaint("x,x", i -> "1," + i, "x").contains("twice"));
    }

    @Test
    void numbersInOtherSpellingsAreReadAndSaid() throws IOException {
        List<String> notes = load(
                        "half;day;mostly;y",
                        i -> i * i + ",5;" + java.time.LocalDate.ofEpochDay((long) i * i) + ";"
                                + (i == 3 ? "x#" : i * i) + ";" + i * i + ",25",
                        "y")
                .notes();
        assertSaid(notes, "\"half\" has decimal commas");
        assertSaid(notes, "\"day\" holds dates: counted in days");
        assertSaid(notes, "\"mostly\" is numbers but for 1 of its cells, such as \"x#\", which count as missing");
        assertSaid(notes, "target \"y\" is a number");
    }

    @Test
    void aTargetWithAGarbledNumberStaysANumber() throws IOException {
        List<String> notes = load("x,y", i -> 0.5 * i * i + "," + (i == 3 ? "@@" : 0.5 * i), "y")
                .notes();
        assertSaid(notes, "1 rows without a value of \"y\" are left out");
        assertSaid(notes, "regression");
    }

    @Test
    void aTextThatIsDifferentInMostRowsIsNoTarget() {
        assertTrue(complaint("x,y", i -> 0.5 * i * i + ",name" + i, "y").contains("60 different values in 60 rows"));
    }

    @Test
    void aQuoteThatIsNeverClosedIsNamedWithItsLine() {
        assertTrue(complaint("x,y", i -> i == 30 ? "\"1,2" : i + ",1", "y").contains("line 32 is never closed"));
    }
}
