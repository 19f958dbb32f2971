import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;

/**
 * Posts a body with a declared length, then in chunks, by a client with default settings, which asks
 * for an upgrade to HTTP/2. Arguments: address, token, body. Prints status and body of each answer.
 */
class PostTwice {
    public static void main(String[] arguments) throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        byte[] body = arguments[2].getBytes("UTF-8");
        BodyPublisher whole = BodyPublishers.ofByteArray(body);
        for (BodyPublisher publisher : new BodyPublisher[] {whole, BodyPublishers.fromPublisher(whole)}) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(arguments[0]))
                .header("Authorization", arguments[1])
                .header("Content-Type", "application/json")
                .POST(publisher)
                .build();
            var answer = client.send(request, BodyHandlers.ofString());
            System.out.println(answer.statusCode() + " " + answer.body());
        }
    }
}
