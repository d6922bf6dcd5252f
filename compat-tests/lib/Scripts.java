import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.utils.Exit;

/**
 * Runs the main methods of Apache's tools one after the other in one JVM, because starting a JVM for each takes longer
 * than what is compared. A request is one line of base64 words: standard input, class, arguments. The answer is one line:
 * exit code, then standard output and standard error in base64.
 */
public class Scripts {
    static final class Leave extends Error {
        final int code;

        Leave(int code) {
            super("exit " + code, null, false, false);
            this.code = code;
        }
    }

    /** A stream whose target can be exchanged: some tools keep System.out from their first use. */
    static final class Switch extends OutputStream {
        volatile ByteArrayOutputStream target = new ByteArrayOutputStream();

        @Override
        public void write(int b) {
            target.write(b);
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
            target.write(bytes, from, length);
        }
    }

    static final class Input extends InputStream {
        volatile InputStream source = InputStream.nullInputStream();

        @Override
        public int read() throws IOException {
            return source.read();
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            return source.read(into, from, length);
        }
    }

    public static void main(String[] none) throws Exception {
        PrintStream answers = System.out;
        BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        Switch out = new Switch();
        Switch err = new Switch();
        Input in = new Input();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        System.setIn(in);
        Exit.setExitProcedure((code, message) -> {
            if (message != null) System.err.println(message);
            throw new Leave(code);
        });
        Exit.setHaltProcedure((code, message) -> {
            throw new Leave(code);
        });
        Exit.setShutdownHookAdder((name, hook) -> {});
        for (String line; (line = requests.readLine()) != null; ) {
            String[] words = Arrays.stream(line.split(" ")).map(Scripts::decode).toArray(String[]::new);
            in.source = new ByteArrayInputStream(words[0].getBytes(StandardCharsets.UTF_8));
            out.target = new ByteArrayOutputStream();
            err.target = new ByteArrayOutputStream();
            int code = run(words[1], Arrays.copyOfRange(words, 2, words.length));
            System.out.flush();
            System.err.flush();
            answers.println(code + " " + encode(out.target) + " " + encode(err.target));
            answers.flush();
        }
    }

    static int run(String name, String[] args) throws Exception {
        AtomicReference<Integer> code = new AtomicReference<>(0);
        Thread thread = new Thread(() -> {
            try {
                Class.forName(name).getMethod("main", String[].class).invoke(null, (Object) args);
            } catch (java.lang.reflect.InvocationTargetException e) {
                if (e.getCause() instanceof Leave leave) code.set(leave.code);
                else {
                    e.getCause().printStackTrace();
                    code.set(1);
                }
            } catch (ReflectiveOperationException e) {
                e.printStackTrace();
                code.set(1);
            }
        });
        thread.start();
        thread.join(60_000);
        return thread.isAlive() ? -1 : code.get();
    }

    static String decode(String word) {
        return new String(Base64.getDecoder().decode(word.substring(1)), StandardCharsets.UTF_8);
    }

    static String encode(ByteArrayOutputStream bytes) {
        return "=" + Base64.getEncoder().encodeToString(bytes.toByteArray());
    }
}
