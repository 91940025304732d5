package org.dl4jgn.bench.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.dl4jgn.tables.DataException;
import org.dl4jgn.tables.DataFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFileTest {

    @TempDir
    Path folder;

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    private static byte[] idx(int... shape) {
        int size = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        ByteBuffer out = ByteBuffer.allocate(4 + 4 * shape.length + size);
        out.putInt(0x0800 | shape.length);
        Arrays.stream(shape).forEach(out::putInt);
        for (int i = 0; i < size; i++) {
            out.put((byte) i);
        }
        return out.array();
    }

    private Path write(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }

    private static String complaint(Path file) {
        return assertThrows(DataException.class, () -> IdxArray.read(DataFile.read(file), 2))
                .getMessage();
    }

    @Test
    void plainAndGzippedAreTheSame() throws IOException {
        DataFile plain = DataFile.read(write("a", idx(3, 2)));
        DataFile zipped = DataFile.read(write("a.gz", gzip(idx(3, 2))));
        assertArrayEquals(plain.bytes(), zipped.bytes());
        assertEquals(plain.sha256(), zipped.sha256());
        assertEquals(List.of(3, 2), IdxArray.read(zipped, 2).shape());
    }

    @Test
    void whatIsTruncatedOrDamagedIsSaid() throws IOException {
        byte[] whole = idx(30, 20);
        byte[] zipped = gzip(whole);
        assertTrue(complaint(write("cut", Arrays.copyOf(whole, 100))).contains("truncated"));
        assertTrue(complaint(write("long", Arrays.copyOf(whole, 1000))).contains("damaged"));
        assertTrue(complaint(write("short", new byte[3])).contains("truncated"));
        assertTrue(complaint(write("cut.gz", Arrays.copyOf(zipped, zipped.length - 20)))
                .contains("truncated"));
        zipped[zipped.length / 2] ^= 0x55;
        assertTrue(complaint(write("damaged.gz", zipped)).contains("damaged"));
        assertTrue(complaint(write("other", "not an array".getBytes(StandardCharsets.UTF_8)))
                .contains("not an IDX file"));
        assertTrue(complaint(write("cube", idx(2, 2, 2))).contains("00000803"));
    }

    @Test
    void aMissingFileIsSaidWithWhereToPutIt() {
        String message = assertThrows(
                        DataException.class, () -> DataFolders.only(folder).require("mnist/train-labels-idx1-ubyte"))
                .getMessage();
        assertTrue(message.contains("mnist/train-labels-idx1-ubyte"), message);
        assertTrue(message.contains("mnist/t10k-images-idx3-ubyte"), message);
        assertTrue(message.contains(DataFolders.VARIABLE), message);
    }

    @Test
    void aFolderOfOneSetIsFoundAsWell() throws IOException {
        Path set = Files.createDirectory(folder.resolve("mnist"));
        Path file = Files.write(set.resolve("labels.gz"), gzip(new byte[] {1}));
        assertEquals(file, DataFolders.only(set).find("mnist/labels").orElseThrow());
        assertEquals(file, DataFolders.only(folder).find("mnist/labels").orElseThrow());
        assertTrue(DataFolders.only(set).find("fashion-mnist/labels").isEmpty());
    }
}
