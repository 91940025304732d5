package org.dl4jgn.tables;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables as spreadsheets save them. */
class TextEncodingTest {

    private static final String MARK = "\uFEFF";
    private static final String TEXT = "größe,preis\n1,2\n3,4\n";

    @TempDir
    Path folder;

    private DataFile file(byte[] bytes) throws IOException {
        return DataFile.read(Files.write(folder.resolve("table.csv"), bytes));
    }

    private String complaint(byte[] bytes) {
        return assertThrows(DataException.class, () -> Table.read(file(bytes))).getMessage();
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE"})
    void aTableThatBeginsWithAByteOrderMarkIsRead(String charset) throws IOException {
        Table table = Table.read(file((MARK + TEXT).getBytes(Charset.forName(charset))));
        assertEquals(List.of("größe", "preis"), table.columns());
        assertEquals(List.of(List.of("1", "2"), List.of("3", "4")), table.rows());
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE"})
    void utf16WithoutAMarkIsNamed(String charset) {
        String message = complaint(TEXT.getBytes(Charset.forName(charset)));
        assertTrue(message.contains("UTF-16"), message);
        assertTrue(message.contains("save it as UTF-8"), message);
    }

    @Test
    void utf32IsNamed() {
        String message = complaint((MARK + TEXT).getBytes(Charset.forName("UTF-32LE")));
        assertTrue(message.contains("UTF-32") && message.contains("save it as UTF-8"), message);
    }

    @Test
    void utf16ThatIsCutOffIsDamagedUtf16() {
        byte[] whole = (MARK + TEXT).getBytes(StandardCharsets.UTF_16LE);
        String message = complaint(java.util.Arrays.copyOf(whole, whole.length - 1));
        assertTrue(message.contains("UTF-16") && message.contains("truncated"), message);
    }

    /** ö and ß of Latin-1 are no UTF-8; read as such they would become signs of replacement in silence. */
    @ParameterizedTest
    @ValueSource(strings = {"ISO-8859-1", "windows-1252"})
    void anEightBitEncodingIsRefusedWithLineAndByte(String charset) {
        String message = complaint("name,preis\nWeiß,2\n".getBytes(Charset.forName(charset)));
        assertTrue(message.contains("line 2"), message);
        assertTrue(message.contains("DF"), message);
        assertTrue(message.contains("Latin-1") && message.contains("save it as UTF-8"), message);
    }

    @Test
    void aByteOfZeroInTheMiddleIsNoText() {
        byte[] bytes = TEXT.getBytes(StandardCharsets.UTF_8);
        ByteBuffer damaged = ByteBuffer.wrap(bytes).put(bytes.length - 2, (byte) 0);
        String message = complaint(damaged.array());
        assertTrue(message.contains("damaged") && message.contains("line 3"), message);
    }

    @Test
    void theRestIsUtf8() throws IOException {
        assertEquals(TEXT, file(TEXT.getBytes(StandardCharsets.UTF_8)).text());
        assertEquals(TEXT, file((MARK + TEXT).getBytes(StandardCharsets.UTF_8)).text());
        assertEquals("", file(new byte[0]).text());
    }
}
