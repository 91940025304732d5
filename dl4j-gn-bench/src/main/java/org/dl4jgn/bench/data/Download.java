package org.dl4jgn.bench.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.dl4jgn.tables.DataException;
import org.dl4jgn.tables.DataFile;

/**
 * Downloads files over HTTP with a progress bar. What has come so far is kept beside the target as {@code .part}, so that an
 * interrupted download goes on where it stopped; the target appears only when its checksum is right.
 */
public final class Download implements DataFolders.Fetcher {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int CHUNK = 1 << 16;
    private static final int OK = 200;
    private static final int PARTIAL = 206;

    @Override
    public void fetch(RemoteFile remote, Path target) throws IOException {
        Files.createDirectories(target.toAbsolutePath().getParent());
        Path part = target.resolveSibling(target.getFileName() + ".part");
        transfer(remote, part, target.getFileName().toString());
        DataFile file = check(remote, part);
        // Stored as it came: readers recognize gzip by its first bytes.
        Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
        System.err.println("Downloaded " + target + ", " + file.bytes().length + " bytes, checksum right.");
    }

    private static DataFile check(RemoteFile remote, Path part) throws IOException {
        DataFile file;
        try {
            file = DataFile.read(part);
        } catch (DataException e) {
            Files.delete(part);
            throw e;
        }
        if (!file.sha256().equals(remote.sha256())) {
            Files.delete(part);
            throw new IOException("its SHA-256 is " + file.sha256() + ", not " + remote.sha256());
        }
        return file;
    }

    private static void transfer(RemoteFile remote, Path part, String name) throws IOException {
        long have = Files.exists(part) ? Files.size(part) : 0;
        HttpClient client = HttpClient.newBuilder()
                .connectTimeout(PATIENCE)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
        HttpRequest.Builder request = HttpRequest.newBuilder(remote.uri());
        if (have > 0) {
            request.header("Range", "bytes=" + have + "-");
        }
        HttpResponse<InputStream> response;
        try {
            response = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        try (InputStream in = response.body()) {
            boolean resumed = response.statusCode() == PARTIAL;
            if (!resumed && response.statusCode() != OK) {
                throw new IOException("HTTP status " + response.statusCode());
            }
            copy(
                    in,
                    part,
                    name,
                    resumed ? have : 0,
                    response.headers().firstValueAsLong("Content-Length").orElse(-1));
        }
    }

    private static void copy(InputStream in, Path part, String name, long have, long coming) throws IOException {
        StandardOpenOption how = have > 0 ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING;
        try (OutputStream out = Files.newOutputStream(part, StandardOpenOption.CREATE, how, StandardOpenOption.WRITE);
                ProgressBar bar = new ProgressBarBuilder()
                        .setTaskName(name)
                        .setInitialMax(coming < 0 ? -1 : have + coming)
                        .setUnit(" MB", 1 << 20)
                        .setStyle(ProgressBarStyle.ASCII)
                        .build()) {
            bar.stepTo(have);
            byte[] chunk = new byte[CHUNK];
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                out.write(chunk, 0, n);
                bar.stepBy(n);
            }
        }
    }
}
