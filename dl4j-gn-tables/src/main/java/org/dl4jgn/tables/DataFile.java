package org.dl4jgn.tables;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * The contents of a file, plain or gzipped, whole in memory.
 *
 * @param path where it was found
 * @param bytes what it holds, uncompressed
 * @param sha256 of these bytes, in hexadecimal
 */
public record DataFile(Path path, byte[] bytes, String sha256) {

    private static final int GZIP_MAGIC = 0x8b1f;

    /**
     * Reads a file.
     *
     * @throws DataException if it cannot be read, is damaged or ends too early
     */
    public static DataFile read(Path path) throws DataException {
        if (Files.isDirectory(path)) {
            throw new DataException(path + " is a folder, where a file is wanted; name one of the files in it.");
        }
        if (!Files.exists(path)) {
            throw new DataException("There is no file " + path + ".");
        }
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(path));
                InputStream in = isGzip(raw) ? new GZIPInputStream(raw) : raw) {
            byte[] bytes = in.readAllBytes();
            return new DataFile(path, bytes, sha256(bytes));
        } catch (EOFException e) {
            throw new DataException(path + " is truncated: it ends in the middle of its gzip data; get it again.", e);
        } catch (ZipException e) {
            throw new DataException(path + " is damaged (" + e.getMessage() + "); get it again.", e);
        } catch (AccessDeniedException e) {
            throw new DataException(path + " cannot be read: access to it is denied.", e);
        } catch (IOException e) {
            throw new DataException(path + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    private static boolean isGzip(InputStream in) throws IOException {
        in.mark(2);
        int magic = in.read() | in.read() << 8;
        in.reset();
        return magic == GZIP_MAGIC;
    }

    /** SHA-256 in hexadecimal. */
    public static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(digest().digest(bytes));
    }

    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * The contents as text.
     *
     * @throws DataException if they are not in UTF-8, nor in UTF-16 with a byte order mark
     */
    public String text() throws DataException {
        return new TextEncoding(path, bytes).decode();
    }

    /** Its name below the folder of data sets: {@code mnist/train-labels-idx1-ubyte.gz}. */
    public String name() {
        Path whole = path.toAbsolutePath();
        int count = whole.getNameCount();
        return whole.subpath(Math.max(0, count - 2), count).toString().replace('\\', '/');
    }
}
