using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Client;

/// <summary>A permission that the caller must hold.</summary>
internal sealed class PermissionRequirement(string permission, string? organizationFromRoute) : IAuthorizationRequirement
{
    public string Permission { get; } = permission;

    public string? OrganizationFromRoute { get; } = organizationFromRoute;

    public override string ToString() => $"Permission {Permission}";
}

/// <summary>Asks Gatehouse what the caller may do now. Whoever cannot be asked about may nothing.</summary>
internal sealed partial class PermissionHandler(GatehouseRpc rpc, TimeProvider clock, ILogger<PermissionHandler> logger)
    : AuthorizationHandler<PermissionRequirement>
{
    private readonly RecentAnswers<Question, bool> answers = new(clock, TimeSpan.FromSeconds(1));

    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, PermissionRequirement requirement)
    {
        if (context.Resource is not HttpContext http || http.Features.Get<CallerToken>() is not { } token)
            return;
        Guid? organization = null;
        if (requirement.OrganizationFromRoute is { } name)
        {
            if (!Guid.TryParse(http.GetRouteValue(name)?.ToString(), out var id))
                return;
            organization = id;
        }

        try
        {
            var question = new Question(token.Hash, requirement.Permission, organization);
            if (await answers.GetAsync(question, () => AskAsync(token, question), http.RequestAborted))
                context.Succeed(requirement);
        }
        catch (GatehouseUnavailableException)
        {
            http.Features.Set(Unavailable.Mark);
        }
    }

    private async Task<bool> AskAsync(CallerToken token, Question question)
    {
        var request = new V1.AuthorizeRequest { Token = token.Text, Permission = question.Permission };
        if (question.Organization is { } organization)
            request.Organization = organization.ToString();
        try
        {
            var reply = await rpc.AskAsync(call => rpc.Access.AuthorizeAsync(request, call));
            if (reply.Reason == V1.AuthorizeReply.Types.Reason.PermissionUnknown)
                Log.Unknown(logger, question.Permission);
            return reply.Allowed;
        }
        catch (RpcException e)
        {
            throw new GatehouseUnavailableException("Gatehouse rejects the question about a permission.", e);
        }
    }

    private readonly record struct Question(TokenHash Token, string Permission, Guid? Organization);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Gatehouse knows no permission {Permission}: everybody is denied")]
        public static partial void Unknown(ILogger logger, string permission);
    }
}
