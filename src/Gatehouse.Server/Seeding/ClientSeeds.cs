using System.Diagnostics.CodeAnalysis;
using Gatehouse.Contracts.Access;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.OpenId.Clients;
using Gatehouse.OpenId.Data;
using Microsoft.Extensions.Primitives;

namespace Gatehouse.Server.Seeding;

/// <summary>Plans clients, which are found again by their name. The secret of a new one is printed, this once.</summary>
[SuppressMessage("ApiDesign", "RS0030", Justification = "Commands write to the terminal.")]
internal sealed class ClientSeeds(Database database, SeedPlan plan, TenantContext tenant, CancellationToken cancellationToken)
{
    public async Task PlanAsync()
    {
        var stored = await StoredAsync();
        foreach (var (path, wanted) in plan.Distinct($"{tenant.Path}.clients", tenant.Wanted.Clients, client => client.Name))
        {
            if (plan.Parse(path, errors => Parse(wanted, errors)) is not { } client)
                continue;
            if (wanted.Organization is { } code && !tenant.HasOrganization(code))
                plan.Reject($"{path}.organization", $"There is no organization {code}.");
            else if (stored.FirstOrDefault(row => row.Name == client.Name) is not { } row)
                PlanCreation(path, client);
            else if (row.IsPlatform != (client.Platform ?? false))
                plan.Reject($"{path}.platform", $"The client {client.Name} exists otherwise. Delete it first, or change the file.");
            else
                PlanChange(path, client, row);
        }
    }

    private async Task<IReadOnlyList<ClientRow>> StoredAsync() =>
        tenant.Stored is null || tenant.Wanted.Clients is null
            ? []
            : await database.QueryAsync(db => ClientRow.ListAsync(db, tenant.Stored.Id), cancellationToken);

    private SeedClient? Parse(SeedClient wanted, ValidationErrors errors)
    {
        var name = ClientInput.ParseName(wanted.Name, errors);
        var scopes = ClientInput.ParseScopes(wanted.Scopes, mayBeNone: wanted.SignIn is not null, errors);
        wanted.SignIn?.Parse(errors);
        ClientInput.ParseResources(wanted.Resources, errors);
        ClientInput.ParseLifetime(wanted.SecretDays, "secretDays", errors);
        var known = scopes
            .Select(tenant.Permissions.Find)
            .OfType<Permission>()
            .ToDictionary(permission => permission.Name, StringComparer.Ordinal);
        var level =
            wanted.Platform == true ? AccessLevel.Platform
            : wanted.Organization is null ? AccessLevel.Tenant
            : AccessLevel.Organization;
        ClientInput.Check(scopes, level, known, errors);
        return errors.Any ? null : wanted with { Name = name, Scopes = scopes };
    }

    private void PlanCreation(string path, SeedClient client) =>
        plan.Add(
            path,
            $"+ client {client.Name}: {string.Join(' ', client.Scopes!)}",
            async (run, stop) =>
            {
                var request = new CreateClient.Request
                {
                    Name = client.Name,
                    Scopes = client.Scopes,
                    OrganizationId = (await HomeAsync(run, client, stop))?.ToString(),
                    Platform = client.Platform,
                    SecretDays = client.SecretDays,
                    SignIn = client.SignIn,
                    Resources = client.Resources,
                };
                var actor = await run.OperatorAsync(tenant.Name, stop);
                var created = await run.Get<CreateClient.Handler>().HandleAsync(Input.Of(request), actor, stop);
                if (created.Succeeded)
                    Console.WriteLine(
                        $"client {client.Name}: client_id={created.Value.Client.Row.ClientId}"
                            + (created.Value.Secret is { } secret ? $" client_secret={secret.Secret.Text}" : "")
                    );
                return created.Error;
            }
        );

    private void PlanChange(string path, SeedClient client, ClientRow row)
    {
        var changes = client.Scopes!.Except(row.Scopes, StringComparer.Ordinal).Select(scope => "+" + scope).ToList();
        changes.AddRange(row.Scopes.Except(client.Scopes!, StringComparer.Ordinal).Select(scope => "-" + scope));
        var home = client.Organization is null ? null : tenant.OrganizationId(client.Organization);
        if (client.Organization is null ? row.Where is not null : home is null || home != row.Where)
            changes.Add("organization");
        var signIn = client.SignIn?.Parse(new ValidationErrors());
        if (signIn is not null && (row.SignIn is null || !signIn.SaysAsMuchAs(row.SignIn)))
            changes.Add("sign-in");
        if (client.Resources is { } resources && !resources.ToHashSet(StringComparer.Ordinal).SetEquals(row.Resources))
            changes.Add("resources");
        if (changes.Count == 0)
            return;
        plan.Add(
            path,
            $"~ client {client.Name}: {string.Join(' ', changes)}",
            async (run, stop) =>
            {
                var request = new UpdateClient.Request
                {
                    Scopes = client.Scopes,
                    SignIn = client.SignIn,
                    Resources = client.Resources,
                    OrganizationId = (await HomeAsync(run, client, stop))?.ToString() ?? "",
                };
                var actor = await run.OperatorAsync(tenant.Name, stop);
                var handler = run.Get<UpdateClient.Handler>();
                return (await handler.HandleAsync(row.Id, Input.Of(request), StringValues.Empty, actor, stop)).Error;
            }
        );
    }

    private async Task<Guid?> HomeAsync(SeedRun run, SeedClient client, CancellationToken stop) =>
        client.Organization is null ? null : await run.OrganizationAsync(tenant.Name, client.Organization, stop);
}
