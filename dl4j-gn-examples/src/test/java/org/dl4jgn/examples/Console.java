package org.dl4jgn.examples;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Standard output, caught. */
final class Console {

    /** A program. */
    interface Program {
        void run() throws Exception;
    }

    private Console() {}

    static String of(Program program) {
        PrintStream before = System.out;
        ByteArrayOutputStream caught = new ByteArrayOutputStream();
        System.setOut(new PrintStream(caught, true, StandardCharsets.UTF_8));
        try {
            program.run();
        } catch (Exception e) {
            throw new AssertionError(e);
        } finally {
            System.setOut(before);
        }
        return caught.toString(StandardCharsets.UTF_8);
    }
}
