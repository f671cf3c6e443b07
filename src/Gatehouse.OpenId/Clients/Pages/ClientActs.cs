using Gatehouse.Core.Results;
using Gatehouse.OpenId.Data;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.OpenId.Clients;

/// <summary>The pages that ask before something is done to a service account or one of its secrets.</summary>
internal sealed class ClientActs(
    GetClient.Handler clients,
    SetClientState.Handler state,
    DeleteClient.Handler delete,
    CreateSecret.Handler create,
    DeleteSecret.Handler end,
    MessageCatalog texts,
    TimeProvider clock
) : IConsoleActs
{
    public const string Disable = "disable";
    public const string Enable = "enable";
    public const string Delete = "delete";
    public const string NewSecret = "new-secret";

    /// <summary>Begins the keys of what the acts are called.</summary>
    public const string Text = "page.console.client.act.";

    private const string End = "end-secret";
    private const string SecretParameter = "secret";

    private static readonly IReadOnlyList<string> All = [Disable, Enable, Delete, NewSecret, End + "/{" + SecretParameter + ":guid}"];

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapActs<ClientActs>(ClientsPages.Path, All, page => page.RequirePermission(ClientsArea.WriteClients));

    public static string PathOf(Guid id, string act) => $"{ClientPages.PathOf(id)}/{act}";

    public static string EndPathOf(Guid id, Guid secret) => PathOf(id, $"{End}/{secret}");

    public async Task<Outcome<Confirmation>> AskAsync(Guid id, string act, HttpContext http)
    {
        var found = await clients.HandleAsync(id, http.Actor(), http.RequestAborted);
        if (found.Error is { } error)
            return error;
        if (!ClientPages.MayChange(found.Value, http.Actor()))
            return ClientErrors.ExceedsOwnAccess;
        var client = found.Value;
        var secret = Secret(http) is { } one ? client.Secrets.FirstOrDefault(row => row.Id == one) : null;
        if (secret is null && Secret(http) is not null)
            return ClientErrors.SecretNotFound;
        var name = secret is null ? act : End;
        return new Confirmation
        {
            Question = texts.Say(http, "page.console.client.ask." + name),
            About =
            [
                new(texts.Say(http, "page.console.clients.name"), client.Row.Name),
                new(texts.Say(http, "page.console.client.client-id"), client.Row.ClientId),
                .. secret is null ? LastUsed(http, client.Row.LastUsedAt) : About(http, secret),
            ],
            Effects = [texts.Say(http, "page.console.client.effect." + name), .. Losses(http, client, secret)],
            Act = texts.Say(http, Text + name),
            Path = secret is null ? PathOf(id, act) : EndPathOf(id, secret.Id),
            Back = ClientPages.PathOf(id),
            Next = act == Delete ? ClientsPages.Path : null,
            Entry = ClientsPages.Path,
            AsksReason = act == Disable,
            Choice = act == NewSecret ? Lifetime(http) : null,
            Phrase = act == Delete ? client.Row.ClientId : null,
            AsksPassword = act is Delete or NewSecret,
        };
    }

    public Task<IResult> DoAsync(Guid id, string act, Confirmation asked, HttpContext http)
    {
        var (actor, stop) = (http.Actor(), http.RequestAborted);
        string Done(string name) => texts.Say(http, "page.console.client.done." + name, ("name", asked.About[0].Value!));
        return act switch
        {
            Disable => http.ActAsync(
                asked,
                typed => state.DisableAsync(id, Input.Of(new SetClientState.Request { Reason = typed.Reason }), actor, stop),
                _ => Done(act)
            ),
            Enable => http.ActAsync(asked, _ => state.EnableAsync(id, actor, stop), _ => Done(act)),
            Delete => http.ActAsync(asked, _ => delete.HandleAsync(id, actor, stop), _ => Done(act)),
            NewSecret => http.ActAsync(
                asked,
                typed => create.HandleAsync(id, Input.Of(new CreateSecret.Request { Days = SecretDays.Parse(typed.Choice) }), actor, stop),
                created =>
                {
                    ShownSecret.Keep(http, id, created.Secret.Text);
                    return Done(act);
                }
            ),
            _ => http.ActAsync(asked, _ => end.HandleAsync(id, Secret(http)!.Value, actor, stop), _ => Done(End)),
        };
    }

    private ConfirmationChoice Lifetime(HttpContext http) =>
        new(texts.Say(http, "page.console.clients.lifetime"), SecretDays.Options(http, texts));

    private IReadOnlyList<KeyValuePair<string, string?>> About(HttpContext http, SecretRow secret) =>
        [
            new(texts.Say(http, "page.console.client.secret"), secret.Hint + "…"),
            new(texts.Say(http, "page.console.client.created"), secret.CreatedAt.ToMinuteText()),
            .. LastUsed(http, secret.LastUsedAt),
        ];

    private IReadOnlyList<KeyValuePair<string, string?>> LastUsed(HttpContext http, DateTimeOffset? at) =>
        [
            new(
                texts.Say(http, "page.console.clients.last-used"),
                at is { } used ? used.ToMinuteText() : texts.Say(http, "page.console.clients.never-used")
            ),
        ];

    // Whoever ends the only secret cuts the programs off.
    private IEnumerable<string> Losses(HttpContext http, FoundClient client, SecretRow? ended) =>
        ended is not null && !client.Secrets.Any(secret => secret.Id != ended.Id && secret.IsLive(clock.GetUtcNow()))
            ? [texts.Say(http, "page.console.client.effect-last-secret")]
            : [];

    private static Guid? Secret(HttpContext http) =>
        Guid.TryParse(http.GetRouteValue(SecretParameter) as string, out var secret) ? secret : null;
}
