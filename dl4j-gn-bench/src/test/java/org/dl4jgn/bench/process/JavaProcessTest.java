package org.dl4jgn.bench.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class JavaProcessTest {

    /** A program. */
    static final class Prints {

        private Prints() {}

        /** Prints its argument and the number of threads; ends with exit code 3 if there is no argument. */
        public static void main(String[] args) {
            if (args.length == 0) {
                System.exit(3);
            }
            System.out.println(args[0] + " " + System.getenv(JavaProcess.THREADS));
        }
    }

    @Test
    void whatItPrintsIsRead() throws IOException, InterruptedException {
        String name = Prints.class.getName();
        assertEquals(
                "word 7",
                new JavaProcess(name, List.of("word")).threads(7).read().strip());
        assertEquals(
                "word null",
                new JavaProcess(name, List.of("word")).threads(0).read().strip());
    }

    @Test
    void failureIsAnException() {
        JavaProcess process = new JavaProcess(Prints.class.getName(), List.of());
        String message = assertThrows(IOException.class, process::run).getMessage();
        assertTrue(message.contains("Prints") && message.contains("exit code 3"), message);
    }
}
