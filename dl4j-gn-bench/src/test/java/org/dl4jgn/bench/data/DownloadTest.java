package org.dl4jgn.bench.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.dl4jgn.tables.DataFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DownloadTest {

    private final byte[] contents = new byte[200_000];
    private final List<String> ranges = new ArrayList<>();
    private HttpServer server;

    @TempDir
    Path folder;

    @BeforeEach
    void serve() throws IOException {
        new Random(1).nextBytes(contents);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        ranges.add(String.valueOf(range));
        int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
        exchange.sendResponseHeaders(from == 0 ? 200 : 206, contents.length - from);
        exchange.getResponseBody().write(contents, from, contents.length - from);
        exchange.close();
    }

    private RemoteFile remote(String sha256) {
        URI uri = URI.create("http://localhost:" + server.getAddress().getPort() + "/file");
        return new RemoteFile(uri, sha256, contents.length);
    }

    @Test
    void aDownloadGoesOnWhereItStopped() throws IOException {
        Path target = folder.resolve("set").resolve("file");
        Files.createDirectories(target.getParent());
        Files.write(target.resolveSibling("file.part"), Arrays.copyOf(contents, 50_000));
        new Download().fetch(remote(DataFile.sha256(contents)), target);
        assertArrayEquals(contents, Files.readAllBytes(target));
        assertEquals(List.of("bytes=50000-"), ranges);
    }

    @Test
    void aWrongChecksumLeavesNothing() {
        Path target = folder.resolve("file");
        assertThrows(IOException.class, () -> new Download().fetch(remote("00"), target));
        assertFalse(Files.exists(target));
        assertFalse(Files.exists(target.resolveSibling("file.part")));
    }
}
