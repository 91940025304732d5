package org.dl4jgn;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Files that are whole at any time: written beside, then renamed. */
final class WholeFile {

    /** Writes the contents of a file. */
    @FunctionalInterface
    interface Contents {
        void writeTo(Path fresh) throws IOException;
    }

    private WholeFile() {}

    /**
     * Puts a file in the place of one that may be there.
     *
     * @throws IOException if that is not possible; what was there before is as it was
     */
    static void replace(Path file, Contents contents) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try {
            contents.writeTo(fresh);
            move(fresh, file);
        } catch (IOException e) {
            discard(fresh, e);
            throw e;
        }
    }

    private static void move(Path fresh, Path file) throws IOException {
        try {
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void discard(Path fresh, IOException because) {
        try {
            Files.deleteIfExists(fresh);
        } catch (IOException e) {
            because.addSuppressed(e);
        }
    }
}
