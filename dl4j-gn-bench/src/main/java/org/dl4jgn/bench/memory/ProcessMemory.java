package org.dl4jgn.bench.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.bytedeco.javacpp.Pointer;

/** Resident size of this process: heap, native memory and the JVM itself. Linux tells in a file. */
final class ProcessMemory {

    private static final Path STATUS = Path.of("/proc/self/status");

    private ProcessMemory() {}

    /** Bytes now; where there is no such file, what JavaCPP has from the system. */
    static long resident() throws IOException {
        OptionalLong told = status("VmRSS");
        return told.isPresent() ? told.getAsLong() : Pointer.physicalBytes();
    }

    /** The most bytes since the process began, where the system counts them. */
    static OptionalLong peak() throws IOException {
        return status("VmHWM");
    }

    private static OptionalLong status(String key) throws IOException {
        if (!Files.isReadable(STATUS)) {
            return OptionalLong.empty();
        }
        for (String line : Files.readAllLines(STATUS)) {
            if (line.startsWith(key + ":")) {
                String kilobytes =
                        line.substring(key.length() + 1).replace("kB", "").strip();
                return OptionalLong.of(Long.parseLong(kilobytes) << 10);
            }
        }
        return OptionalLong.empty();
    }

    /** Collects garbage until what hangs on it, such as native arrays, has had the time to be freed. */
    static void collect() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(50);
        }
    }
}
