package org.dl4jgn.spark;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.spark.SimpleFutureAction;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rpc.RpcAddress;
import org.apache.spark.rpc.RpcCallContext;
import org.apache.spark.rpc.RpcEndpointRef;
import org.apache.spark.rpc.RpcEnv;
import org.apache.spark.rpc.ThreadSafeRpcEndpoint;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Function1;
import scala.PartialFunction;
import scala.collection.JavaConverters;
import scala.collection.Seq;
import scala.runtime.AbstractFunction0;
import scala.runtime.AbstractFunction2;
import scala.runtime.AbstractPartialFunction;
import scala.runtime.BoxedUnit;

/**
 * One job for all questions of a step. Its tasks, one on each partition, {@linkplain StepTask fetch} question after question
 * from the driver, by Spark's own messages, which takes a round trip where a job takes Spark's scheduler, a broadcast of
 * its code and the start of tasks.
 *
 * <p>A task that fails, or whose executor is lost, is started again by Spark as any other, and is then asked what it has not
 * answered. All tasks have to run at the same time. Where there are fewer cores than partitions, from the beginning or since an
 * executor was lost, there is no such job. Where tasks do not come because something else has their cores it is given up
 * after a while, and not tried again for some minutes. Questions are then jobs of their own: the answers are the same.
 *
 * <p>The cores are this job's from a step's first question to {@link #end}, which must come before anything else runs on the
 * cluster on behalf of the same thread.
 */
final class StepJob implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StepJob.class);

    /** How long a task may not be there. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    /** How often the job itself is looked at, in milliseconds: only where it fails does nobody say so. */
    private static final long LOOK = 200;

    /** After one that was given up, how long it is not tried again. */
    private static final Duration PAUSE = Duration.ofMinutes(5);

    private static final byte[] NO_MORE = {};

    private final JavaSparkContext context;
    private final JavaRDD<Examples> partitions;
    private final Duration patience;
    private final Seat[] seats;
    private final String name = "Gauss-Newton-" + UUID.randomUUID();
    private final RpcEndpointRef desk;
    /** Of Java's nanosecond clock. */
    private long pausedUntil = System.nanoTime();

    private long job;
    private @Nullable SimpleFutureAction<BoxedUnit> running;
    private long round;
    private byte @Nullable [] question;
    /** When a task was seen to come or go last. */
    private long changed;

    /** Where a partition's task is heard. */
    private static final class Seat {

        /** Of the task's JVM; null if there is no task. */
        private @Nullable RpcAddress address;
        /** To be told the next question by; null while the task is at work, or not there. */
        private @Nullable RpcCallContext waiting;
        /** To the question that was asked last. */
        private @Nullable Partial answer;

        void clear() {
            address = null;
            waiting = null;
            answer = null;
        }
    }

    /** Of a training; jobs begin with questions. */
    StepJob(JavaSparkContext context, JavaRDD<Examples> partitions, Duration patience) {
        this.context = context;
        this.patience = patience;
        this.partitions = partitions;
        seats = new Seat[partitions.getNumPartitions()];
        for (int i = 0; i < seats.length; i++) {
            seats[i] = new Seat();
        }
        RpcEnv env = context.sc().env().rpcEnv();
        desk = env.setupEndpoint(name, new Desk(env));
    }

    /** The driver's side of the messages. */
    private final class Desk implements ThreadSafeRpcEndpoint {

        private final RpcEnv env;

        Desk(RpcEnv env) {
            this.env = env;
        }

        @Override
        public RpcEnv rpcEnv() {
            return env;
        }

        @Override
        public PartialFunction<Object, BoxedUnit> receiveAndReply(RpcCallContext caller) {
            return new AbstractPartialFunction<>() {
                @Override
                public boolean isDefinedAt(Object message) {
                    return message instanceof byte[];
                }

                @Override
                public <A extends Object, B> B applyOrElse(A message, Function1<A, B> otherwise) {
                    if (!(message instanceof byte[] bytes)) {
                        return otherwise.apply(message);
                    }
                    hear(Wire.read(bytes, StepTask.Said.class), caller);
                    @SuppressWarnings("unchecked")
                    B nothing = (B) BoxedUnit.UNIT;
                    return nothing;
                }
            };
        }

        @Override
        public void onDisconnected(RpcAddress address) {
            lose(address);
        }
    }

    private synchronized void hear(StepTask.Said said, RpcCallContext caller) {
        if (said.job() != job || running == null) {
            caller.reply(NO_MORE);
            return;
        }
        Seat seat = seats[said.partition()];
        if (seat.address == null) {
            changed = System.nanoTime();
        }
        seat.address = caller.senderAddress();
        // of a copy of the task, or of one that is no more
        letGo(seat);
        seat.waiting = caller;
        if (said.round() == round && seat.answer == null) {
            seat.answer = said.answer();
        }
        tell(seat);
        notifyAll();
    }

    /** The question, to a task that waits for one and has not answered it. */
    private void tell(Seat seat) {
        if (question != null && seat.waiting != null && seat.answer == null) {
            seat.waiting.reply(question);
            seat.waiting = null;
        }
    }

    private synchronized void lose(RpcAddress address) {
        for (Seat seat : seats) {
            if (address.equals(seat.address)) {
                seat.address = null;
                seat.waiting = null;
                changed = System.nanoTime();
            }
        }
    }

    /**
     * Asks all partitions.
     *
     * @param step what Spark's pages call the step, for the job that begins with its first question
     * @return their answers, in order; empty where this job cannot be had
     */
    Optional<List<Partial>> ask(String step, Query query) {
        if (running() == null && !begin(step)) {
            return Optional.empty();
        }
        try {
            pose(query);
            Optional<List<Partial>> answers = awaited();
            if (answers.isEmpty()) {
                giveUp();
            }
            return answers;
        } catch (InterruptedException e) {
            cancel();
            Thread.currentThread().interrupt();
            throw new IllegalStateException(
                    "Interrupted while the partitions were computing. No parameter was changed", e);
        }
    }

    private boolean begin(String step) {
        if (System.nanoTime() - pausedUntil < 0 || !hasCores()) {
            return false;
        }
        try (Described ignored = Described.as(context, step + ": all questions")) {
            // tasks may be heard before this returns, and wait until it has
            synchronized (this) {
                job++;
                round = 0;
                question = null;
                changed = System.nanoTime();
                for (Seat seat : seats) {
                    seat.clear();
                }
                running = context.sc()
                        .submitJob(partitions.rdd(), new StepTask(name, job), numbers(), new Ignored(), new Done());
            }
        }
        return true;
    }

    /** Whether all tasks could run at the same time if there was nothing else. */
    private boolean hasCores() {
        return context.sc()
                        .maxNumConcurrentTasks(
                                context.sc().resourceProfileManager().defaultResourceProfile())
                >= seats.length;
    }

    private Seq<Object> numbers() {
        List<Object> numbers = new ArrayList<>();
        for (int i = 0; i < seats.length; i++) {
            numbers.add(i);
        }
        return JavaConverters.asScalaBuffer(numbers);
    }

    /** What tasks return. */
    private static final class Ignored extends AbstractFunction2<Object, BoxedUnit, BoxedUnit> {

        @Override
        public BoxedUnit apply(Object partition, BoxedUnit nothing) {
            return nothing;
        }
    }

    /** What the job returns. */
    private static final class Done extends AbstractFunction0<BoxedUnit> {

        @Override
        public BoxedUnit apply() {
            return BoxedUnit.UNIT;
        }
    }

    private void pose(Query query) {
        long number = round() + 1;
        byte[] bytes = Wire.bytes(new StepTask.Question(number, query));
        synchronized (this) {
            round = number;
            question = bytes;
            for (Seat seat : seats) {
                seat.answer = null;
                tell(seat);
            }
        }
    }

    /** The answers, when all are there; empty if a task is missing for too long, or cannot come. */
    private synchronized Optional<List<Partial>> awaited() throws InterruptedException {
        while (true) {
            List<Partial> answers = new ArrayList<>();
            boolean isMissing = false;
            for (Seat seat : seats) {
                if (seat.answer != null) {
                    answers.add(seat.answer);
                }
                isMissing |= seat.address == null;
            }
            if (answers.size() == seats.length) {
                return Optional.of(answers);
            }
            if (isMissing && (System.nanoTime() - changed > patience.toNanos() || !hasCores())) {
                return Optional.empty();
            }
            if (running != null && running.isCompleted()) {
                // tasks end when they are told to, or by failing as often as Spark allows
                SimpleFutureAction<BoxedUnit> failed = running;
                running = null;
                failed.value().get().get();
                return Optional.empty();
            }
            wait(LOOK);
        }
    }

    /** Lets the tasks go, those that did not come too. */
    private void cancel() {
        SimpleFutureAction<BoxedUnit> ended = running();
        end();
        if (ended != null) {
            ended.cancel();
        }
    }

    private synchronized @Nullable SimpleFutureAction<BoxedUnit> running() {
        return running;
    }

    private synchronized long round() {
        return round;
    }

    private void giveUp() {
        cancel();
        if (!hasCores()) {
            LOG.info("An executor was lost: until there is another, each question is a job of its own");
            return;
        }
        pausedUntil = System.nanoTime() + PAUSE.toNanos();
        LOG.warn(
                "A step's tasks on {} partitions were not all there for {} s: each question is a job of its own now, which is"
                        + " slower, and this is tried again after {} s. A core for each partition that nothing else"
                        + " uses, or jobPerStep(false), avoid the wait",
                seats.length,
                patience.toMillis() / 1e3,
                PAUSE.toSeconds());
    }

    /** Lets the tasks go, if there are any. */
    synchronized void end() {
        running = null;
        question = null;
        for (Seat seat : seats) {
            letGo(seat);
        }
    }

    private static void letGo(Seat seat) {
        if (seat.waiting != null) {
            seat.waiting.reply(NO_MORE);
            seat.waiting = null;
        }
    }

    @Override
    public void close() {
        end();
        context.sc().env().rpcEnv().stop(desk);
    }
}
