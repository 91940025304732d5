package org.dl4jgn.tables;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Text out of bytes. UTF-8 is read, and UTF-16 that begins with a byte order mark, as spreadsheets save it. All else is
 * refused by name: a wrong guess would change letters in silence, and with them the classes of a column of text.
 */
final class TextEncoding {

    private static final String REMEDY = "save it as UTF-8";

    /** Bytes that are looked at for the zeros of UTF-16. */
    private static final int SAMPLE = 4_000;

    /**
     * What a file may begin with.
     *
     * @param bytes of the byte order mark
     * @param name of the encoding
     * @param isRead whether it is read
     */
    private record Mark(byte[] bytes, String name, boolean isRead) {

        static Mark of(String name, boolean isRead, int... bytes) {
            byte[] mark = new byte[bytes.length];
            for (int i = 0; i < mark.length; i++) {
                mark[i] = (byte) bytes[i];
            }
            return new Mark(mark, name, isRead);
        }

        boolean begins(byte[] text) {
            return text.length >= bytes.length && Arrays.equals(text, 0, bytes.length, bytes, 0, bytes.length);
        }
    }

    /** UTF-32 in front of UTF-16, whose mark it begins with. */
    private static final List<Mark> MARKS = List.of(
            Mark.of("UTF-8", true, 0xEF, 0xBB, 0xBF),
            Mark.of("UTF-32LE", false, 0xFF, 0xFE, 0, 0),
            Mark.of("UTF-32BE", false, 0, 0, 0xFE, 0xFF),
            Mark.of("UTF-16LE", true, 0xFF, 0xFE),
            Mark.of("UTF-16BE", true, 0xFE, 0xFF));

    private final Path file;
    private final byte[] bytes;

    /** For the contents of a file, which is named in messages. */
    TextEncoding(Path file, byte[] bytes) {
        this.file = file;
        this.bytes = bytes;
    }

    /**
     * The text, without a byte order mark.
     *
     * @throws DataException if the encoding is another one, or the bytes are damaged
     */
    String decode() throws DataException {
        Optional<Mark> mark = MARKS.stream().filter(m -> m.begins(bytes)).findFirst();
        if (mark.isEmpty()) {
            refuseZeros();
            refuseControls();
            return decode(StandardCharsets.UTF_8, 0);
        }
        if (!mark.get().isRead()) {
            throw new DataException(file + " is text in " + mark.get().name() + ", which is not read: " + REMEDY + ".");
        }
        return decode(Charset.forName(mark.get().name()), mark.get().bytes().length);
    }

    private String decode(Charset charset, int from) throws DataException {
        CharsetDecoder decoder = charset.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes, from, bytes.length - from);
        CharBuffer out = CharBuffer.allocate((int) (in.remaining() * (double) decoder.maxCharsPerByte()) + 1);
        CoderResult result = decoder.decode(in, out, true);
        if (result.isError()) {
            throw undecodable(charset, in.position(), result);
        }
        return out.flip().toString();
    }

    private DataException undecodable(Charset charset, int at, CoderResult result) {
        CharacterCodingException cause = new CharacterCodingException();
        if (!charset.equals(StandardCharsets.UTF_8)) {
            return new DataException(
                    file + " is text in " + charset + " that is damaged or truncated at byte " + at + " of "
                            + bytes.length + ": " + REMEDY + ".",
                    cause);
        }
        if (at + result.length() >= bytes.length && at >= bytes.length - 3 && (bytes[at] & 0xC0) == 0xC0) {
            return new DataException(
                    file + " ends in the middle of a character of UTF-8: it is truncated, or text in another encoding,"
                            + " such as Latin-1; get it again, or " + REMEDY + ".",
                    cause);
        }
        return new DataException(
                String.format(
                        "%s has the byte %02X in line %d, which is not UTF-8; it is text in another encoding, such as"
                                + " Latin-1 or Windows-1252: %s.",
                        file, bytes[at], line(at), REMEDY),
                cause);
    }

    /** No text in UTF-8 has bytes of zero; in UTF-16 every second one is, as long as the letters are Latin. */
    private void refuseZeros() throws DataException {
        int[] zeros = new int[2];
        int size = Math.min(SAMPLE, bytes.length);
        for (int i = 0; i < size; i++) {
            zeros[i % 2] += bytes[i] == 0 ? 1 : 0;
        }
        int most = zeros[0] > zeros[1] ? 0 : 1;
        if (zeros[most] > size / 4 && zeros[1 - most] < size / 20) {
            throw new DataException(file + " looks like text in UTF-16" + (most == 0 ? "BE" : "LE")
                    + " without the byte order mark that would say so: " + REMEDY + ".");
        }
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == 0) {
                throw new DataException(file + " has a byte of zero in line " + line(i)
                        + ": it is damaged, or no text; get it again, or " + REMEDY + ".");
            }
        }
    }

    /** Bytes that no text has: a picture, an archive, a file of a spreadsheet. */
    private void refuseControls() throws DataException {
        for (int i = 0; i < Math.min(SAMPLE, bytes.length); i++) {
            if (bytes[i] >= 0 && bytes[i] < ' ' && "\t\n\r\f".indexOf(bytes[i]) < 0) {
                throw new DataException(String.format(
                        "%s is no text: it has the byte %02X in line %d; export the table as CSV, and %s.",
                        file, bytes[i], line(i), REMEDY));
            }
        }
    }

    private int line(int position) {
        int line = 1;
        for (int i = 0; i < position; i++) {
            line += bytes[i] == '\n' ? 1 : 0;
        }
        return line;
    }
}
