using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Gatehouse.Tests.Docs;

/// <summary>
/// Writes docs/postman.json from docs/openapi.v1.json and <see cref="PostmanFlow"/>: addresses, headers, descriptions and what an answer
/// always holds are the document's; order, values and expected statuses are the flow's, and must be what the document allows.
/// </summary>
internal static partial class PostmanCollection
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write(JsonNode openApi, IReadOnlyList<PostmanStep> steps)
    {
        var operations = Operations(openApi);
        var unused = operations.Keys.Except(steps.Select(step => step.Operation), StringComparer.Ordinal).ToList();
        if (unused.Count > 0)
            throw new InvalidOperationException($"PostmanFlow has no request for {string.Join(", ", unused)}.");
        var collection = new JsonObject
        {
            ["info"] = new JsonObject
            {
                ["name"] = "Gatehouse",
                ["description"] =
                    "Every operation of the HTTP API, in an order in which a development server (`make run`) answers each as expected. Run "
                    + "the whole collection: requests hand values on. The codes are read from the development inbox.",
                ["schema"] = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json",
            },
            ["variable"] = new JsonArray([.. PostmanFlow.Variables.Select(v => new JsonObject { ["key"] = v.Name, ["value"] = v.Value })]),
            ["item"] = new JsonArray([
                .. steps
                    .GroupBy(step => step.Folder, StringComparer.Ordinal)
                    .Select(folder => new JsonObject
                    {
                        ["name"] = folder.Key,
                        ["item"] = new JsonArray([
                            .. folder.Select(step =>
                                step.Operation is null ? Inbox(step) : Request(openApi, operations[step.Operation], step)
                            ),
                        ]),
                    }),
            ]),
        };
        return collection.ToJsonString(Indented) + "\n";
    }

    private static Dictionary<string, (string Method, string Path, JsonNode Operation)> Operations(JsonNode openApi) =>
        (
            from path in openApi["paths"]!.AsObject()
            from operation in path.Value!.AsObject()
            select (operation.Value!["operationId"]!.GetValue<string>(), (operation.Key, path.Key, operation.Value!))
        ).ToDictionary(o => o.Item1, o => o.Item2, StringComparer.Ordinal);

    private static JsonObject Request(JsonNode openApi, (string Method, string Path, JsonNode Operation) described, PostmanStep step)
    {
        var (method, template, operation) = described;
        var status = step.Status.ToString(CultureInfo.InvariantCulture);
        if (operation["responses"]![status] is not { } answer)
            throw new InvalidOperationException($"{step.Operation} documents no {status}.");
        var request = new JsonObject
        {
            ["method"] = method.ToUpperInvariant(),
            ["description"] = operation["description"]?.GetValue<string>() ?? operation["summary"]!.GetValue<string>(),
            ["header"] = new JsonArray(),
            ["url"] = Url(Fill(template, step) + step.Query),
        };
        if (operation["security"] is not null)
            request["auth"] = new JsonObject
            {
                ["type"] = "bearer",
                ["bearer"] = new JsonArray(
                    new JsonObject
                    {
                        ["key"] = "token",
                        ["value"] = PostmanFlow.Token,
                        ["type"] = "string",
                    }
                ),
            };
        if (step.Body is { } body)
        {
            var content = operation["requestBody"]!["content"]!.AsObject();
            CheckBody(openApi, content.First().Value!["schema"]!, step, body);
            if (content.ContainsKey("application/json"))
                request["header"]!.AsArray().Add((JsonNode)new JsonObject { ["key"] = "Content-Type", ["value"] = "application/json" });
            request["body"] = content.ContainsKey("application/json") ? Json(body) : Form(body);
        }

        return Item(operation["summary"]!.GetValue<string>() + step.Name, request, step, Always(openApi, answer));
    }

    private static JsonObject Json(JsonObject body) =>
        new()
        {
            ["mode"] = "raw",
            ["raw"] = body.ToJsonString(Indented),
            ["options"] = new JsonObject { ["raw"] = new JsonObject { ["language"] = "json" } },
        };

    private static JsonObject Form(JsonObject body) =>
        new()
        {
            ["mode"] = "urlencoded",
            ["urlencoded"] = new JsonArray([
                .. body.Select(field => new JsonObject { ["key"] = field.Key, ["value"] = field.Value!.GetValue<string>() }),
            ]),
        };

    private static JsonObject Inbox(PostmanStep step) =>
        Item(
            step.Name,
            new JsonObject
            {
                ["method"] = "GET",
                ["description"] = "The mails that development mode keeps instead of sending them. Not part of the API.",
                ["header"] = new JsonArray(),
                ["url"] = Url(step.Query),
            },
            step,
            []
        );

    private static JsonObject Item(string name, JsonObject request, PostmanStep step, string[] always)
    {
        var test = new List<string> { $"pm.test('status {step.Status}', () => pm.response.to.have.status({step.Status}));" };
        if (always.Length > 0)
        {
            var members = string.Join(", ", always.Select(member => $"'{member}'"));
            test.Add($"pm.test('what it always holds', () => pm.expect(pm.response.json()).to.include.all.keys({members}));");
        }

        var events = new JsonArray();
        if (step.Before.Length > 0)
            events.Add((JsonNode)Script("prerequest", step.Before));
        events.Add((JsonNode)Script("test", [.. test, .. step.After]));
        return new JsonObject
        {
            ["name"] = name,
            ["request"] = request,
            ["event"] = events,
        };
    }

    private static JsonObject Script(string listen, IEnumerable<string> lines) =>
        new()
        {
            ["listen"] = listen,
            ["script"] = new JsonObject
            {
                ["type"] = "text/javascript",
                ["exec"] = new JsonArray([.. lines.Select(line => JsonValue.Create(line))]),
            },
        };

    private static JsonObject Url(string pathAndQuery)
    {
        var (path, query) = pathAndQuery.Split('?') is [var before, var after] ? (before, after) : (pathAndQuery, "");
        var url = new JsonObject
        {
            ["raw"] = "{{baseUrl}}" + pathAndQuery,
            ["host"] = new JsonArray("{{baseUrl}}"),
            ["path"] = new JsonArray([.. path.Trim('/').Split('/').Select(part => JsonValue.Create(part))]),
        };
        if (query.Split('=') is [var name, var value])
            url["query"] = new JsonArray(new JsonObject { ["key"] = name, ["value"] = value });
        return url;
    }

    private static string Fill(string template, PostmanStep step)
    {
        var values = new Queue<string>(step.Path);
        var filled = Parameter.Replace(template, _ => values.Dequeue());
        return values.Count == 0 ? filled : throw new InvalidOperationException($"{step.Operation} has fewer parameters.");
    }

    private static void CheckBody(JsonNode openApi, JsonNode content, PostmanStep step, JsonObject body)
    {
        var schema = Resolve(openApi, content);
        var known = schema["properties"]!.AsObject().Select(p => p.Key).ToHashSet(StringComparer.Ordinal);
        var given = body.Select(p => p.Key).ToHashSet(StringComparer.Ordinal);
        if (!given.IsSubsetOf(known) || !given.IsSupersetOf(Required(schema)))
            throw new InvalidOperationException($"{step.Operation} takes {string.Join(", ", known)}.");
    }

    /// <summary>The members that an answer always has.</summary>
    private static string[] Always(JsonNode openApi, JsonNode answer) =>
        answer["content"]?.AsObject().Select(media => media.Value!["schema"]!).FirstOrDefault() is { } schema
            ? Required(Resolve(openApi, schema))
            : [];

    private static string[] Required(JsonNode schema) => [.. schema["required"]?.AsArray().Select(m => m!.GetValue<string>()) ?? []];

    private static JsonNode Resolve(JsonNode openApi, JsonNode schema) =>
        schema["$ref"] is { } reference ? openApi["components"]!["schemas"]![reference.GetValue<string>().Split('/')[^1]]! : schema;

    [GeneratedRegex(@"\{[^}]+\}", RegexOptions.CultureInvariant)]
    private static partial Regex Parameter { get; }
}
